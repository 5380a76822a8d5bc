package io.posthorn.ra;

import io.posthorn.jms.message.RuntimeTwins;
import io.posthorn.ra.inbound.ConnectionSource;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.io.Serializable;
import javax.naming.Reference;

/**
 * What applications look up in an application server: a JMS connection factory whose connections come through the container's connection
 * manager. Any thread.
 */
public class AdapterConnectionFactory implements ConnectionFactory, ConnectionSource, Serializable, Referenceable {

    private static final long serialVersionUID = 1L;

    private final PosthornManagedConnectionFactory factory;
    private final ConnectionManager manager;
    private Reference reference;

    AdapterConnectionFactory(PosthornManagedConnectionFactory factory, ConnectionManager manager) {
        this.factory = factory;
        this.manager = manager;
    }

    @Override
    public Connection createConnection() throws JMSException {
        return connection(Family.ANY, null, null);
    }

    /** @param userName null for the user of the settings */
    @Override
    public Connection createConnection(String userName, String password) throws JMSException {
        return connection(Family.ANY, userName, password);
    }

    @Override
    public JMSContext createContext() {
        return createContext(null, null, JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return createContext(null, null, sessionMode);
    }

    @Override
    public JMSContext createContext(String userName, String password) {
        return createContext(userName, password, JMSContext.AUTO_ACKNOWLEDGE);
    }

    /**
     * In a container's transaction the context takes part in it, whatever the mode. Outside of one, local transactions and CLIENT_ACKNOWLEDGE
     * become AUTO_ACKNOWLEDGE (Jakarta Messaging 3.1, 12.3).
     *
     * @param userName null for the user of the settings
     */
    @Override
    public JMSContext createContext(String userName, String password, int sessionMode) {
        if (sessionMode < JMSContext.SESSION_TRANSACTED || sessionMode > JMSContext.DUPS_OK_ACKNOWLEDGE) {
            throw new JMSRuntimeException("no session mode: " + sessionMode);
        }
        try {
            return ContextHandle.over(allocate(userName, password), sessionMode);
        } catch (ResourceException failed) {
            throw AdapterFailures.unchecked(failed);
        } catch (JMSException failed) {
            throw RuntimeTwins.unchecked(failed);
        }
    }

    /** For the factories of the other families too. */
    final ConnectionHandle connection(Family family, String userName, String password) throws JMSException {
        try {
            return allocate(userName, password).of(family);
        } catch (ResourceException failed) {
            throw AdapterFailures.checked(failed);
        }
    }

    private ConnectionHandle allocate(String userName, String password) throws ResourceException {
        return (ConnectionHandle) manager.allocateConnection(factory, new ConnectionRequest(userName, password));
    }

    /** For activations that name this factory. */
    @Override
    public ClientUrl clientUrl() {
        return factory.settings();
    }

    /** Null until the container has set it. */
    @Override
    public Reference getReference() {
        return reference;
    }

    @Override
    public void setReference(Reference value) {
        reference = value;
    }
}
