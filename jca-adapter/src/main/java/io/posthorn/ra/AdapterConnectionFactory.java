package io.posthorn.ra;

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
public final class AdapterConnectionFactory implements ConnectionFactory, Serializable, Referenceable {

    private static final long serialVersionUID = 1L;

    private final PosthornManagedConnectionFactory factory;
    private final ConnectionManager manager;
    private final boolean managed;
    private Reference reference;

    AdapterConnectionFactory(PosthornManagedConnectionFactory factory, ConnectionManager manager, boolean managed) {
        this.factory = factory;
        this.manager = manager;
        this.managed = managed;
    }

    @Override
    public Connection createConnection() throws JMSException {
        return createConnection(null, null);
    }

    /** @param userName null for the user of the settings */
    @Override
    public Connection createConnection(String userName, String password) throws JMSException {
        try {
            return (Connection) allocate(ConnectionRequest.Kind.CONNECTION, userName, password);
        } catch (ResourceException failed) {
            throw AdapterFailures.checked(failed);
        }
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
     * In a container's transaction the context takes part in it, whatever the mode. Outside of one, and in a container, local transactions and
     * CLIENT_ACKNOWLEDGE become AUTO_ACKNOWLEDGE (Jakarta Messaging 3.1, 12.3).
     *
     * @param userName null for the user of the settings
     */
    @Override
    public JMSContext createContext(String userName, String password, int sessionMode) {
        if (sessionMode < JMSContext.SESSION_TRANSACTED || sessionMode > JMSContext.DUPS_OK_ACKNOWLEDGE) {
            throw new JMSRuntimeException("no session mode: " + sessionMode);
        }
        try {
            ContextHandle handle = (ContextHandle) allocate(ConnectionRequest.Kind.CONTEXT, userName, password);
            handle.open(sessionMode);
            return handle;
        } catch (ResourceException failed) {
            throw AdapterFailures.unchecked(failed);
        }
    }

    private Object allocate(ConnectionRequest.Kind kind, String userName, String password) throws ResourceException {
        return manager.allocateConnection(factory, new ConnectionRequest(kind, userName, password, managed));
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
