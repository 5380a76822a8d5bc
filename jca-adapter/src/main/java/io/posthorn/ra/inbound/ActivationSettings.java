package io.posthorn.ra.inbound;

import io.posthorn.ra.settings.ClientSettings;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.Destination;
import jakarta.jms.Topic;
import jakarta.resource.ResourceException;
import java.util.UUID;

/**
 * What an activation comes to, with everything looked up and decided.
 *
 * @param connection with its client id, if there is one
 * @param acknowledgeMode of jakarta.jms.Session; for deliveries without a transaction
 * @param sessionsMax at least 1
 */
record ActivationSettings(
        ClientUrl connection,
        Subscription subscription,
        int acknowledgeMode,
        int sessionsMax,
        RedeliveryPolicy redelivery) {

    /** Messages that wait in each of the parallel sessions, unless somebody says otherwise: few, so that all sessions get some. */
    private static final String WINDOW_MESSAGES = "10";

    /**
     * Looks up what is to be looked up, on the caller's thread, in the caller's naming context.
     *
     * @param defaults the resource adapter's
     * @param endpointName the same for each activation of an endpoint, or null
     * @throws ResourceException if the activation cannot work; the text says why
     */
    static ActivationSettings of(PosthornActivationSpec spec, ClientSettings defaults, String endpointName)
            throws ResourceException {
        ActivationRules.check(spec);
        Destination destination = Lookups.destination(spec);
        ClientUrl connection = connection(spec, defaults);
        int sessionsMax = ActivationRules.sessionsMax(spec, destination instanceof Topic);
        return new ActivationSettings(
                connection,
                subscription(spec, destination, sessionsMax, endpointName),
                ActivationRules.acknowledgeMode(spec),
                sessionsMax,
                ActivationRules.redelivery(spec));
    }

    /** Where it leads: by itself, or by the connection factory that it names, or by the defaults. */
    static ClientUrl connection(PosthornActivationSpec spec, ClientSettings defaults) throws ResourceException {
        String lookup = spec.getConnectionFactoryLookup();
        ClientUrl url = ClientUrl.of(spec, lookup == null ? defaults : Lookups.connection(lookup));
        return url.url().contains("windowSize=") ? url : url.with("windowSize", WINDOW_MESSAGES);
    }

    private static Subscription subscription(
            PosthornActivationSpec spec, Destination destination, int sessionsMax, String endpointName)
            throws ResourceException {
        String selector = spec.getMessageSelector();
        if (!(destination instanceof Topic)) {
            return new Subscription(Subscription.Kind.QUEUE, destination, null, selector);
        }
        ActivationRules.checkSubscription(spec);
        Boolean asked = ActivationRules.isShared(spec);
        String name = spec.getSubscriptionName();
        if (ActivationRules.isDurable(spec)) {
            // Without a client id only a shared one can be durable (checklist 31.15).
            boolean shared = asked == Boolean.TRUE || sessionsMax > 1 || spec.getClientId() == null;
            return new Subscription(
                    shared ? Subscription.Kind.SHARED_DURABLE : Subscription.Kind.DURABLE,
                    destination,
                    name == null ? stableName(endpointName) : name,
                    selector);
        }
        boolean shared = asked == null ? name != null || sessionsMax > 1 : asked;
        if (!shared) {
            return new Subscription(Subscription.Kind.UNSHARED, destination, null, selector);
        }
        // Without a name it is shared by the sessions of this activation, and by nobody else.
        String own = name == null ? "posthorn-ra-" + UUID.randomUUID() : name;
        return new Subscription(Subscription.Kind.SHARED, destination, own, selector);
    }

    private static String stableName(String endpointName) throws ResourceException {
        if (endpointName == null || endpointName.isBlank()) {
            throw ActivationRules.refused(
                    "subscriptionName",
                    "is missing: the durable subscription needs one, and the server gives the endpoint none");
        }
        return endpointName;
    }
}
