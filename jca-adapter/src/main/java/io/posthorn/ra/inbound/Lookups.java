package io.posthorn.ra.inbound;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import io.posthorn.ra.settings.ClientSettings;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.Destination;
import jakarta.jms.Topic;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.naming.Reference;

/** Finds what an activation names in JNDI; on the thread that activates it, whose naming context counts. */
final class Lookups {

    private Lookups() {}

    /**
     * The destination of an activation that was checked. A plain name is taken for that of a configured object first, as some servers have it
     * (Open Liberty), and else for the name at the broker.
     */
    static Destination destination(PosthornActivationSpec spec) throws ResourceException {
        if (spec.getDestinationLookup() != null) {
            String name = spec.getDestinationLookup();
            return destination(spec, "destinationLookup", name, find("destinationLookup", name));
        }
        String name = spec.getDestination();
        Object found = findOrNull(name);
        if (found instanceof Destination) {
            return destination(spec, "destination", name, found);
        }
        if (name.startsWith("java:")) {
            throw ActivationRules.refused("destination", "names nothing that is bound as a queue or topic: " + name);
        }
        Boolean topic = ActivationRules.isTopic(spec);
        if (topic == null) {
            throw ActivationRules.refused(
                    "destinationType",
                    "is missing: whether " + name + " is a " + ActivationRules.QUEUE + " or a "
                            + ActivationRules.TOPIC);
        }
        try {
            return topic ? new PosthornTopic(name) : new PosthornQueue(name);
        } catch (IllegalArgumentException illegal) {
            throw ActivationRules.refused("destination", "is no name for one: " + illegal.getMessage());
        }
    }

    private static Destination destination(PosthornActivationSpec spec, String property, String name, Object found)
            throws InvalidPropertyException {
        if (!(found instanceof PosthornDestination ours)) {
            throw ActivationRules.refused(
                    property,
                    "leads to no destination of Posthorn: " + name + " is a "
                            + found.getClass().getName());
        }
        if (ours.name() == null) {
            throw ActivationRules.refused(property, "leads to a destination whose name was never set: " + name);
        }
        Boolean topic = ActivationRules.isTopic(spec);
        if (topic != null && topic != ours instanceof Topic) {
            throw ActivationRules.refused(
                    "destinationType", "is " + spec.getDestinationType() + ", but " + name + " leads to " + ours);
        }
        return ours;
    }

    /** Where a connection factory leads, whichever of its three kinds it is (checklist 31.17). */
    static ClientSettings connection(String name) throws ResourceException {
        Object found = find("connectionFactoryLookup", name);
        if (found instanceof ConnectionSource source) {
            return of(source.clientUrl());
        }
        if (found instanceof PosthornConnectionFactory factory) {
            return of(new ClientUrl(url(factory.getReference()), null, null));
        }
        if (found instanceof PosthornXAConnectionFactory factory) {
            return of(new ClientUrl(url(factory.getReference()), null, null));
        }
        throw ActivationRules.refused(
                "connectionFactoryLookup",
                "leads to no connection factory of Posthorn: " + name + " is a "
                        + found.getClass().getName());
    }

    /** As settings to inherit from. */
    private static ClientSettings of(ClientUrl url) {
        PosthornActivationSpec settings = new PosthornActivationSpec();
        settings.setConnectionUrl(url.url());
        settings.setUser(url.user());
        settings.setPassword(url.password());
        return settings;
    }

    private static String url(Reference reference) {
        return reference
                .get(PosthornConnectionFactory.REFERENCE_URL)
                .getContent()
                .toString();
    }

    private static Object find(String property, String name) throws InvalidPropertyException {
        NamingException reason = null;
        Object found = null;
        try {
            found = lookUp(name);
        } catch (NamingException unknown) {
            reason = unknown;
        }
        if (found == null) {
            InvalidPropertyException refused =
                    ActivationRules.refused(property, "names nothing that is bound in JNDI: " + name);
            refused.initCause(reason);
            throw refused;
        }
        return found;
    }

    private static Object findOrNull(String name) {
        try {
            return lookUp(name);
        } catch (NamingException unknown) {
            return null;
        }
    }

    private static Object lookUp(String name) throws NamingException {
        Context context = new InitialContext();
        try {
            return context.lookup(name);
        } finally {
            context.close();
        }
    }
}
