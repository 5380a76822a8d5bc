package io.posthorn.ra;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.ra.settings.ClientSettings;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionDefinition;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.TransactionSupport;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import javax.security.auth.Subject;

/**
 * Makes the connections of one pool of an application server (Jakarta Connectors 2.1, 6.5.2). A bean: what it leaves unset it takes from
 * its resource adapter ({@link ClientUrl} says how). Any thread may ask it for connections; properties are set before.
 *
 * <p>A connection that the client has given up is never matched again, and is named by {@link #getInvalidConnections}.
 */
@ConnectionDefinition(
        connectionFactory = ConnectionFactory.class,
        connectionFactoryImpl = AdapterConnectionFactory.class,
        connection = Connection.class,
        connectionImpl = ConnectionHandle.class)
public class PosthornManagedConnectionFactory extends ClientSettings
        implements ManagedConnectionFactory,
                ResourceAdapterAssociation,
                ValidatingManagedConnectionFactory,
                TransactionSupport {

    private static final long serialVersionUID = 1L;

    private PosthornResourceAdapter resourceAdapter;
    private transient PrintWriter logWriter;
    private transient volatile Settled settled;

    /** @throws InvalidPropertyException if a property is illegal; the text names it */
    @Override
    public Object createConnectionFactory(ConnectionManager manager) throws ResourceException {
        check();
        if (resourceAdapter != null) {
            resourceAdapter.names().add(this, manager);
        }
        return factoryFor(manager);
    }

    /** The factory that goes with this connection definition. */
    AdapterConnectionFactory factoryFor(ConnectionManager manager) {
        return new AdapterConnectionFactory(this, manager);
    }

    /**
     * For programs without a container: the client's own factory, with these settings. Nothing is pooled and nothing forbidden.
     *
     * @throws InvalidPropertyException if a property is illegal; the text names it
     */
    @Override
    public Object createConnectionFactory() throws ResourceException {
        check();
        ClientUrl settings = settings();
        PosthornConnectionFactory factory = new PosthornConnectionFactory(settings.url());
        factory.setUser(settings.user());
        factory.setPassword(settings.password());
        return factory;
    }

    private void check() throws InvalidPropertyException {
        try {
            ClientUrl.check(this);
        } catch (IllegalArgumentException illegal) {
            throw new InvalidPropertyException(
                    "connection factory of the Posthorn resource adapter: " + illegal.getMessage(), illegal);
        }
    }

    /**
     * Connects and logs in.
     *
     * @throws SecurityException if the broker refuses the credentials
     * @throws ResourceAllocationException if no connection comes about; the JMS exception is its cause
     */
    @Override
    public ManagedConnection createManagedConnection(Subject subject, ConnectionRequestInfo info)
            throws ResourceException {
        ClientUrl settings = settings();
        Credentials login = credentials(subject, ConnectionRequest.of(info));
        try {
            return PosthornManagedConnection.over(ConnectionLink.open(settings, login), this, settings, login);
        } catch (JMSSecurityException refused) {
            throw new SecurityException("the broker refuses " + login + ": " + refused.getMessage(), refused);
        } catch (JMSException | JMSRuntimeException failed) {
            throw new ResourceAllocationException("no connection: " + failed.getMessage(), failed);
        } catch (IllegalArgumentException illegal) {
            throw new InvalidPropertyException(illegal.getMessage(), illegal);
        }
    }

    /** A sound connection with the same settings and credentials, or null. */
    @Override
    @SuppressWarnings("rawtypes")
    public ManagedConnection matchManagedConnections(Set candidates, Subject subject, ConnectionRequestInfo info) {
        ClientUrl settings = settings();
        Credentials login = credentials(subject, ConnectionRequest.of(info));
        for (Object candidate : candidates) {
            if (candidate instanceof PosthornManagedConnection connection && connection.fits(settings, login)) {
                return connection;
            }
        }
        return null;
    }

    /** Those of the given connections that are broken. */
    @Override
    @SuppressWarnings("rawtypes")
    public Set getInvalidConnections(Set connections) {
        Set<Object> broken = new HashSet<>();
        for (Object candidate : connections) {
            if (candidate instanceof PosthornManagedConnection connection && connection.isBroken()) {
                broken.add(connection);
            }
        }
        return broken;
    }

    @Override
    public TransactionSupportLevel getTransactionSupport() {
        return TransactionSupportLevel.XATransaction;
    }

    /** Whom to log in as. */
    Credentials credentials(Subject subject, ConnectionRequest request) {
        ClientUrl settings = settings();
        return Credentials.resolve(this, subject, request, new Credentials(settings.user(), settings.password()));
    }

    /** What its connections are made with, put together when a property has changed and not for each connection. */
    final ClientUrl settings() {
        int changes = changes() + (resourceAdapter == null ? 0 : resourceAdapter.changes());
        Settled last = settled;
        if (last == null || last.changes != changes || last.adapter != resourceAdapter) {
            last = new Settled(changes, resourceAdapter, ClientUrl.of(this, resourceAdapter));
            settled = last;
        }
        return last.url;
    }

    /** The outcome for a state of the properties. */
    private record Settled(int changes, PosthornResourceAdapter adapter, ClientUrl url) {}

    @Override
    public ResourceAdapter getResourceAdapter() {
        return resourceAdapter;
    }

    /** Called once by the container, before it asks for anything. */
    @Override
    public void setResourceAdapter(ResourceAdapter adapter) throws ResourceException {
        if (resourceAdapter != null && resourceAdapter != adapter) {
            throw new IllegalStateException("the connection factory belongs to a resource adapter already");
        }
        if (!(adapter instanceof PosthornResourceAdapter ours)) {
            throw new InvalidPropertyException("not Posthorn's resource adapter: " + adapter);
        }
        resourceAdapter = ours;
    }

    @Override
    public PrintWriter getLogWriter() {
        return logWriter;
    }

    /** Kept for the container; nothing is written to it. */
    @Override
    public void setLogWriter(PrintWriter writer) {
        logWriter = writer;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof PosthornManagedConnectionFactory that
                && getClass() == that.getClass()
                && sameValues(that)
                && Objects.equals(resourceAdapter, that.resourceAdapter);
    }

    @Override
    public final int hashCode() {
        return hashOfValues();
    }
}
