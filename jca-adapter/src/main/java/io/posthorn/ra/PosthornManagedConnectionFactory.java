package io.posthorn.ra;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.resource.ResourceException;
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
 * its resource adapter. Any thread may ask it for connections; properties are set before.
 *
 * <p>A connection whose exception listener has been called is never matched again, and is named by {@link #getInvalidConnections}.
 */
public class PosthornManagedConnectionFactory
        implements ManagedConnectionFactory,
                ResourceAdapterAssociation,
                ValidatingManagedConnectionFactory,
                TransactionSupport {

    private static final long serialVersionUID = 1L;

    private String connectionUrl;
    private String user;
    private String password;
    private PosthornResourceAdapter resourceAdapter;
    private transient PrintWriter logWriter;

    /** @throws InvalidPropertyException if the URL is malformed or has an unknown option; the text says which */
    @Override
    public Object createConnectionFactory(ConnectionManager manager) throws ResourceException {
        clientFactory();
        return new AdapterConnectionFactory(this, manager, true);
    }

    /** For programs without an application server: each connection has a physical one of its own, nothing is pooled. */
    @Override
    public Object createConnectionFactory() throws ResourceException {
        clientFactory();
        return new AdapterConnectionFactory(this, new DirectConnectionManager(), false);
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
        ConnectionRequest request = ConnectionRequest.of(info);
        Credentials credentials = credentials(subject, request);
        ConnectionFactory factory = clientFactory();
        try {
            JmsLink link = request.kind() == ConnectionRequest.Kind.CONTEXT
                    ? ContextLink.open(factory, credentials)
                    : ConnectionLink.open(factory, credentials);
            return PosthornManagedConnection.over(link, request.kind(), credentials);
        } catch (JMSSecurityException | JMSSecurityRuntimeException refused) {
            throw new SecurityException("the broker refuses " + credentials + ": " + refused.getMessage(), refused);
        } catch (JMSException | JMSRuntimeException failed) {
            throw new ResourceAllocationException("no connection: " + failed.getMessage(), failed);
        }
    }

    /** A sound connection of the same API and credentials, or null. */
    @Override
    @SuppressWarnings("rawtypes")
    public ManagedConnection matchManagedConnections(Set candidates, Subject subject, ConnectionRequestInfo info) {
        ConnectionRequest request = ConnectionRequest.of(info);
        Credentials wanted = credentials(subject, request);
        for (Object candidate : candidates) {
            if (candidate instanceof PosthornManagedConnection connection && connection.fits(request.kind(), wanted)) {
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
            if (candidate instanceof PosthornManagedConnection connection && connection.failure() != null) {
                broken.add(connection);
            }
        }
        return broken;
    }

    @Override
    public TransactionSupportLevel getTransactionSupport() {
        return TransactionSupportLevel.LocalTransaction;
    }

    private Credentials credentials(Subject subject, ConnectionRequest request) {
        return Credentials.resolve(this, subject, request, settings());
    }

    private Credentials settings() {
        if (user != null || resourceAdapter == null) {
            return new Credentials(user, password);
        }
        return new Credentials(resourceAdapter.getUser(), resourceAdapter.getPassword());
    }

    private ConnectionFactory clientFactory() throws InvalidPropertyException {
        try {
            return clientFactory(effectiveUrl());
        } catch (IllegalArgumentException malformed) {
            throw new InvalidPropertyException(
                    "property connectionUrl of the connection factory: " + malformed.getMessage(), malformed);
        }
    }

    private String effectiveUrl() {
        if (connectionUrl != null) {
            return connectionUrl;
        }
        return resourceAdapter == null ? PosthornConnectionFactory.DEFAULT_URL : resourceAdapter.getConnectionUrl();
    }

    /** The JMS client below; tests put another one there. */
    ConnectionFactory clientFactory(String url) {
        return new PosthornConnectionFactory(url);
    }

    // ---- properties

    /** Null when it is taken from the resource adapter. */
    public String getConnectionUrl() {
        return connectionUrl;
    }

    /** @param value as for the resource adapter; null or empty to take its */
    public void setConnectionUrl(String value) {
        connectionUrl = Credentials.emptyToNull(value);
    }

    public String getUser() {
        return user;
    }

    /** @param value null or empty to take user and password of the resource adapter */
    public void setUser(String value) {
        user = Credentials.emptyToNull(value);
    }

    public String getPassword() {
        return password;
    }

    /** @param value used together with the user only */
    public void setPassword(String value) {
        password = Credentials.emptyToNull(value);
    }

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
                && Objects.equals(connectionUrl, that.connectionUrl)
                && Objects.equals(user, that.user)
                && Objects.equals(password, that.password)
                && Objects.equals(resourceAdapter, that.resourceAdapter);
    }

    @Override
    public final int hashCode() {
        return Objects.hash(connectionUrl, user);
    }
}
