package io.posthorn.jms.naming;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import java.util.Hashtable;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.ConfigurationException;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;

/**
 * An initial context whose objects are written in {@code jndi.properties}, or in the environment given to InitialContext:
 *
 * <pre>
 * java.naming.factory.initial = io.posthorn.jms.naming.PosthornInitialContextFactory
 * connectionFactory.NAME = posthorn://host:9876?option=value
 * xaConnectionFactory.NAME = posthorn://host:9876?option=value
 * queue.NAME = physical name
 * topic.NAME = physical name
 * </pre>
 *
 * <p>NAME may contain slashes and dots and is looked up as it stands. Nothing is connected to by a lookup.
 */
public final class PosthornInitialContextFactory implements InitialContextFactory {

    private static final String CONNECTION_FACTORY = "connectionFactory.";
    private static final String XA_CONNECTION_FACTORY = "xaConnectionFactory.";
    private static final String QUEUE = "queue.";
    private static final String TOPIC = "topic.";

    /** For JNDI, which needs a public constructor. */
    public PosthornInitialContextFactory() {}

    /** @throws NamingException naming the entry that cannot be used */
    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
        Map<String, Object> bindings = new TreeMap<>();
        if (environment != null) {
            for (Map.Entry<?, ?> entry : environment.entrySet()) {
                if (entry.getKey() instanceof String key && entry.getValue() instanceof String value) {
                    bind(bindings, key, value.strip());
                }
            }
        }
        return new PropertiesContext(bindings, environment);
    }

    private static void bind(Map<String, Object> bindings, String key, String value) throws NamingException {
        try {
            if (key.startsWith(CONNECTION_FACTORY)) {
                put(bindings, key, CONNECTION_FACTORY, new PosthornConnectionFactory(value));
            } else if (key.startsWith(XA_CONNECTION_FACTORY)) {
                put(bindings, key, XA_CONNECTION_FACTORY, new PosthornXAConnectionFactory(value));
            } else if (key.startsWith(QUEUE)) {
                put(bindings, key, QUEUE, new PosthornQueue(value));
            } else if (key.startsWith(TOPIC)) {
                put(bindings, key, TOPIC, new PosthornTopic(value));
            }
        } catch (IllegalArgumentException illegal) {
            ConfigurationException failure =
                    new ConfigurationException("JNDI entry " + key + ": " + illegal.getMessage());
            failure.setRootCause(illegal);
            throw failure;
        }
    }

    private static void put(Map<String, Object> bindings, String key, String prefix, Object object)
            throws NamingException {
        String name = key.substring(prefix.length());
        if (name.isEmpty()) {
            throw new ConfigurationException("JNDI entry '" + key + "' has no name after the dot");
        }
        Object other = bindings.put(name, object);
        if (other != null) {
            throw new ConfigurationException(
                    "JNDI name '" + name + "' is given twice: as " + other + " and as " + object);
        }
    }
}
