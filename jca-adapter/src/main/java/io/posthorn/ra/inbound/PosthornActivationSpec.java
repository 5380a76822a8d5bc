package io.posthorn.ra.inbound;

import io.posthorn.ra.settings.ClientSettings;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.Activation;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;

/**
 * What a message-driven bean asks for: the standard activation properties of Jakarta Messaging 3.1, 13.1, and ours. The container makes it, sets
 * its properties, has it validated, and activates an endpoint with it; one thread at a time, and no change afterwards.
 *
 * <p>All properties are texts; null and the empty text mean that a property is not set. Values are read when it is validated. The options of the
 * client are properties too; what it leaves unset of them it takes from the connection factory it names, or else from the resource adapter.
 * {@code jca-adapter/README.md} has the table.
 */
@Activation(messageListeners = MessageListener.class)
public final class PosthornActivationSpec extends ClientSettings implements ActivationSpec {

    private static final long serialVersionUID = 1L;

    private transient ResourceAdapter resourceAdapter;

    private String destination;
    private String destinationLookup;
    private String destinationType;
    private String connectionFactoryLookup;
    private String acknowledgeMode;
    private String messageSelector;
    private String subscriptionDurability;
    private String subscriptionName;
    private String shareSubscriptions;
    private String maxSessions;
    private String maxDeliveries;
    private String redeliveryDelayMs;
    private String backoffMultiplier;
    private String maxRedeliveryDelayMs;
    private String deadLetterDestination;

    /** @throws InvalidPropertyException if properties are missing, illegal, or contradict each other; it names them */
    @Override
    public void validate() throws InvalidPropertyException {
        ActivationRules.check(this);
    }

    @Override
    public ResourceAdapter getResourceAdapter() {
        return resourceAdapter;
    }

    /** Called once by the container. */
    @Override
    public void setResourceAdapter(ResourceAdapter adapter) throws ResourceException {
        if (resourceAdapter != null && resourceAdapter != adapter) {
            throw new IllegalStateException("the activation belongs to a resource adapter already");
        }
        resourceAdapter = adapter;
    }

    // ---- what is read

    public String getDestination() {
        return destination;
    }

    /** @param value name of the destination at the broker, or of a configured object that leads to it */
    public void setDestination(String value) {
        destination = Texts.emptyToNull(value);
    }

    public String getDestinationLookup() {
        return destinationLookup;
    }

    /** @param value JNDI name of a queue or topic; it takes precedence over the destination */
    public void setDestinationLookup(String value) {
        destinationLookup = Texts.emptyToNull(value);
    }

    public String getDestinationType() {
        return destinationType;
    }

    /** @param value jakarta.jms.Queue or jakarta.jms.Topic */
    public void setDestinationType(String value) {
        destinationType = Texts.emptyToNull(value);
    }

    public String getMessageSelector() {
        return messageSelector;
    }

    public void setMessageSelector(String value) {
        messageSelector = Texts.emptyToNull(value);
    }

    public String getSubscriptionDurability() {
        return subscriptionDurability;
    }

    /** @param value Durable or NonDurable */
    public void setSubscriptionDurability(String value) {
        subscriptionDurability = Texts.emptyToNull(value);
    }

    public String getSubscriptionName() {
        return subscriptionName;
    }

    public void setSubscriptionName(String value) {
        subscriptionName = Texts.emptyToNull(value);
    }

    public String getShareSubscriptions() {
        return shareSubscriptions;
    }

    /** @param value true or false */
    public void setShareSubscriptions(String value) {
        shareSubscriptions = Texts.emptyToNull(value);
    }

    // ---- how it is worked on

    public String getAcknowledgeMode() {
        return acknowledgeMode;
    }

    /** @param value Auto-acknowledge or Dups-ok-acknowledge; of effect without a transaction of the container */
    public void setAcknowledgeMode(String value) {
        acknowledgeMode = Texts.emptyToNull(value);
    }

    public String getMaxSessions() {
        return maxSessions;
    }

    /** @param value how many messages are worked on side by side */
    public void setMaxSessions(String value) {
        maxSessions = Texts.emptyToNull(value);
    }

    /** The same as maxSessions, under the name another adapter has for it. */
    public String getMaxSession() {
        return maxSessions;
    }

    public void setMaxSession(String value) {
        setMaxSessions(value);
    }

    /** The same as maxSessions, under the name another adapter has for it. */
    public String getMaxConcurrency() {
        return maxSessions;
    }

    public void setMaxConcurrency(String value) {
        setMaxSessions(value);
    }

    // ---- what becomes of messages that come again

    public String getMaxDeliveries() {
        return maxDeliveries;
    }

    /** @param value after so many tries a message becomes a dead letter; 0 leaves it to the broker, whose own limit counts besides */
    public void setMaxDeliveries(String value) {
        maxDeliveries = Texts.emptyToNull(value);
    }

    public String getRedeliveryDelayMs() {
        return redeliveryDelayMs;
    }

    /** @param value milliseconds before the second try */
    public void setRedeliveryDelayMs(String value) {
        redeliveryDelayMs = Texts.emptyToNull(value);
    }

    public String getBackoffMultiplier() {
        return backoffMultiplier;
    }

    /** @param value by which the delay grows with each further try, for instance 2 or 1.5 */
    public void setBackoffMultiplier(String value) {
        backoffMultiplier = Texts.emptyToNull(value);
    }

    public String getMaxRedeliveryDelayMs() {
        return maxRedeliveryDelayMs;
    }

    /** @param value milliseconds; no delay grows beyond */
    public void setMaxRedeliveryDelayMs(String value) {
        maxRedeliveryDelayMs = Texts.emptyToNull(value);
    }

    public String getDeadLetterDestination() {
        return deadLetterDestination;
    }

    /** @param value name of the queue for what has been tried maxDeliveries times; without it such messages go where the broker puts dead letters */
    public void setDeadLetterDestination(String value) {
        deadLetterDestination = Texts.emptyToNull(value);
    }

    // ---- where it connects

    public String getConnectionFactoryLookup() {
        return connectionFactoryLookup;
    }

    /** @param value JNDI name of a connection factory of Posthorn, whose URL and user are taken */
    public void setConnectionFactoryLookup(String value) {
        connectionFactoryLookup = Texts.emptyToNull(value);
    }
}
