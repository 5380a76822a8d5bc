package io.posthorn.ra.inbound;

import io.posthorn.jms.EndpointConsumer;
import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.Session;
import jakarta.resource.spi.InvalidPropertyException;
import java.beans.IntrospectionException;
import java.beans.PropertyDescriptor;

/**
 * Reads the values of activation properties: one method for each that is more than a text. Names of values are taken in any case (checklist
 * 31.18). What is illegal is refused with an exception that names the property.
 */
final class ActivationRules {

    static final String QUEUE = "jakarta.jms.Queue";
    static final String TOPIC = "jakarta.jms.Topic";

    private static final int SESSIONS_MAX = 1_000;
    private static final int QUEUE_SESSIONS = 10;
    private static final int DELIVERIES_MAX = 1_000_000;
    private static final long DELAY_MAX_MS = 86_400_000;
    private static final int MULTIPLIER_MAX = 1_000;

    private ActivationRules() {}

    /** What can be said without looking anything up. */
    static void check(PosthornActivationSpec spec) throws InvalidPropertyException {
        if (spec.getDestination() == null && spec.getDestinationLookup() == null) {
            throw refused("destination", "is missing: say which queue or topic, or give a destinationLookup");
        }
        isTopic(spec);
        acknowledgeMode(spec);
        sessionsMax(spec, isTopic(spec) != Boolean.FALSE);
        redelivery(spec);
        isDurable(spec);
        isShared(spec);
        if (isTopic(spec) == Boolean.TRUE) {
            checkSubscription(spec);
        }
        try {
            EndpointConsumer.checkSelector(spec.getMessageSelector());
        } catch (InvalidSelectorException illegal) {
            throw refused("messageSelector", illegal.getMessage());
        }
        try {
            ClientUrl.check(spec);
        } catch (IllegalArgumentException illegal) {
            throw new InvalidPropertyException("activation " + illegal.getMessage(), illegal);
        }
    }

    /** What holds of topics only, once it is known that the destination is one. */
    static void checkSubscription(PosthornActivationSpec spec) throws InvalidPropertyException {
        boolean durable = isDurable(spec);
        if (isShared(spec) != Boolean.FALSE) {
            return;
        }
        if (sessionsMax(spec, true) > 1) {
            throw refused("maxSessions", "must be 1 for a subscription that is not shared: its order would be lost");
        }
        if (durable && spec.getClientId() == null) {
            throw refused("clientId", "is missing: a durable subscription that is not shared belongs to one");
        }
    }

    /** True for a topic, false for a queue, null when it is not said. */
    static Boolean isTopic(PosthornActivationSpec spec) throws InvalidPropertyException {
        String type = spec.getDestinationType();
        if (type == null) {
            return null;
        }
        return switch (type) {
            case TOPIC, "javax.jms.Topic" -> Boolean.TRUE;
            case QUEUE, "javax.jms.Queue" -> Boolean.FALSE;
            default -> throw refused("destinationType", "is " + QUEUE + " or " + TOPIC + ", not " + type);
        };
    }

    static boolean isDurable(PosthornActivationSpec spec) throws InvalidPropertyException {
        String value = spec.getSubscriptionDurability();
        if (value == null || value.equalsIgnoreCase("NonDurable")) {
            return false;
        }
        if (value.equalsIgnoreCase("Durable")) {
            return true;
        }
        throw refused("subscriptionDurability", "is Durable or NonDurable, not " + value);
    }

    /** Null when it is left to us. */
    static Boolean isShared(PosthornActivationSpec spec) throws InvalidPropertyException {
        String value = spec.getShareSubscriptions();
        if (value == null) {
            return null;
        }
        if (value.equalsIgnoreCase("true")) {
            return Boolean.TRUE;
        }
        if (value.equalsIgnoreCase("false")) {
            return Boolean.FALSE;
        }
        throw refused("shareSubscriptions", "is true or false, not " + value);
    }

    /** Of {@link Session}; what counts where the container has no transaction. */
    static int acknowledgeMode(PosthornActivationSpec spec) throws InvalidPropertyException {
        String value = spec.getAcknowledgeMode();
        if (value == null || isMode(value, "Auto-acknowledge", "AUTO_ACKNOWLEDGE")) {
            return Session.AUTO_ACKNOWLEDGE;
        }
        if (isMode(value, "Dups-ok-acknowledge", "DUPS_OK_ACKNOWLEDGE")) {
            return Session.DUPS_OK_ACKNOWLEDGE;
        }
        throw refused("acknowledgeMode", "is Auto-acknowledge or Dups-ok-acknowledge, not " + value);
    }

    private static boolean isMode(String value, String name, String constant) {
        return value.equalsIgnoreCase(name) || value.equalsIgnoreCase(constant);
    }

    /** How many messages are worked on side by side: one for a topic, unless somebody says that its subscription is shared. */
    static int sessionsMax(PosthornActivationSpec spec, boolean topic) throws InvalidPropertyException {
        int otherwise = topic && isShared(spec) != Boolean.TRUE ? 1 : QUEUE_SESSIONS;
        return (int) number("maxSessions", spec.getMaxSessions(), otherwise, 1, SESSIONS_MAX);
    }

    static RedeliveryPolicy redelivery(PosthornActivationSpec spec) throws InvalidPropertyException {
        int deliveries = (int) number("maxDeliveries", spec.getMaxDeliveries(), 0, 0, DELIVERIES_MAX);
        long delayMs = number("redeliveryDelayMs", spec.getRedeliveryDelayMs(), 0, 0, DELAY_MAX_MS);
        long maxDelayMs = number("maxRedeliveryDelayMs", spec.getMaxRedeliveryDelayMs(), DELAY_MAX_MS, 0, DELAY_MAX_MS);
        if (maxDelayMs < delayMs) {
            throw refused("maxRedeliveryDelayMs", "is less than the redeliveryDelayMs");
        }
        double multiplier = 1;
        try {
            if (spec.getBackoffMultiplier() != null) {
                multiplier = Double.parseDouble(spec.getBackoffMultiplier());
            }
        } catch (NumberFormatException illegal) {
            multiplier = 0;
        }
        if (!(multiplier >= 1 && multiplier <= MULTIPLIER_MAX)) {
            throw refused(
                    "backoffMultiplier",
                    "is a number from 1 to " + MULTIPLIER_MAX + ", not " + spec.getBackoffMultiplier());
        }
        String queue = spec.getDeadLetterDestination();
        try {
            if (queue != null) {
                new PosthornQueue(queue);
            }
        } catch (IllegalArgumentException illegal) {
            throw refused("deadLetterDestination", "is no name for a queue: " + illegal.getMessage());
        }
        if (queue != null && deliveries == 0) {
            throw refused("maxDeliveries", "is missing: without it the broker decides, and where dead letters go");
        }
        return new RedeliveryPolicy(deliveries, delayMs, multiplier, maxDelayMs, queue);
    }

    private static long number(String property, String value, long otherwise, long min, long max)
            throws InvalidPropertyException {
        if (value == null) {
            return otherwise;
        }
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException illegal) {
            number = -1;
        }
        if (number < min || number > max) {
            throw refused(property, "is a whole number from " + min + " to " + max + ", not " + value);
        }
        return number;
    }

    /** @param says what is wrong, as the predicate of a sentence about the property */
    static InvalidPropertyException refused(String property, String says) {
        InvalidPropertyException refused = new InvalidPropertyException("activation property " + property + " " + says);
        try {
            refused.setInvalidPropertyDescriptors(
                    new PropertyDescriptor[] {new PropertyDescriptor(property, PosthornActivationSpec.class)});
        } catch (IntrospectionException impossible) {
            refused.addSuppressed(impossible);
        }
        return refused;
    }
}
