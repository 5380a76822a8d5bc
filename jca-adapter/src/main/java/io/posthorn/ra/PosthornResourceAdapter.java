package io.posthorn.ra;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.ra.inbound.ConnectionSettings;
import io.posthorn.ra.inbound.EndpointTable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.io.Serializable;
import java.util.Objects;
import javax.transaction.xa.XAResource;

/**
 * What an application server starts when the archive is deployed; its properties are the defaults of all connection factories of the
 * archive (Jakarta Connectors 2.1, 5.3). The server calls it, one thread at a time.
 *
 * <p>What works in this release: outbound connections for jakarta.jms.ConnectionFactory, pooled by the server, with local transactions.
 * What does not yet: XA and its recovery, the queue and topic connection factories and
 * destinations as administered objects. Connections and contexts are different physical connections, so a transaction that uses both has two
 * local resources, which many servers refuse. Of the calls forbidden in web and EJB applications those on connections, contexts and sessions are
 * refused, those on consumers and producers (listeners, asynchronous sends) not yet.
 *
 * <p>It opens connections for active endpoints only, see {@link EndpointTable}.
 */
public final class PosthornResourceAdapter implements ResourceAdapter, Serializable {

    private static final long serialVersionUID = 1L;
    private static final XAResource[] NONE = {};

    private String connectionUrl = PosthornConnectionFactory.DEFAULT_URL;
    private String user;
    private String password;

    /** The endpoints that are active; null unless it is started in a server. */
    private transient volatile EndpointTable active;

    /** @throws ResourceAdapterInternalException if the URL is malformed or has an unknown option; the text says which */
    @Override
    public void start(BootstrapContext context) throws ResourceAdapterInternalException {
        try {
            new PosthornConnectionFactory(connectionUrl);
        } catch (IllegalArgumentException malformed) {
            throw new ResourceAdapterInternalException(
                    "property connectionUrl of the resource adapter: " + malformed.getMessage(), malformed);
        }
        active = context == null ? null : new EndpointTable(context.getWorkManager());
    }

    /** Ends delivery to endpoints that are still active. Outbound connections belong to the server's pools, which close them. */
    @Override
    public void stop() {
        EndpointTable table = active;
        active = null;
        if (table != null) {
            table.close();
        }
    }

    /** @throws ResourceException if the activation cannot work, so that a message-driven bean fails at deployment instead of staying silent */
    @Override
    public void endpointActivation(MessageEndpointFactory endpoints, ActivationSpec spec) throws ResourceException {
        EndpointTable table = active;
        if (table == null) {
            throw new IllegalStateException("the resource adapter is not started");
        }
        table.activate(endpoints, spec, new ConnectionSettings(connectionUrl, user, password));
    }

    /** Waits for beans that work on a message, 30 s at most. */
    @Override
    public void endpointDeactivation(MessageEndpointFactory endpoints, ActivationSpec spec) {
        EndpointTable table = active;
        if (table != null) {
            table.deactivate(endpoints, spec);
        }
    }

    /** Empty: there is nothing to recover where XA is not offered. */
    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        return NONE;
    }

    public String getConnectionUrl() {
        return connectionUrl;
    }

    /** @param value {@code posthorn://host:9876[,host:9876…]?option=value&…}; null or empty for the default */
    public void setConnectionUrl(String value) {
        connectionUrl = value == null || value.isEmpty() ? PosthornConnectionFactory.DEFAULT_URL : value;
    }

    public String getUser() {
        return user;
    }

    /** @param value null or empty to leave it to the URL */
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
    public boolean equals(Object other) {
        return other instanceof PosthornResourceAdapter that
                && connectionUrl.equals(that.connectionUrl)
                && Objects.equals(user, that.user)
                && Objects.equals(password, that.password);
    }

    @Override
    public int hashCode() {
        return Objects.hash(connectionUrl, user);
    }
}
