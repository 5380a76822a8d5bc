package io.posthorn.ra;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.ra.inbound.EndpointTable;
import io.posthorn.ra.inbound.PosthornActivationSpec;
import io.posthorn.ra.settings.ClientSettings;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.AuthenticationMechanism;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.Connector;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an application server starts when the archive is deployed; its properties are the defaults of all connection factories and activations
 * of the archive (Jakarta Connectors 2.1, 5.3). The server calls it, one thread at a time.
 *
 * <p>Outbound connections belong to the server's pools. What it holds itself are the resources that it has given out for recovery, and their
 * connections, and those of active endpoints ({@link EndpointTable}); they end with {@link #stop}.
 */
@Connector(
        displayName = "Posthorn resource adapter",
        vendorName = "Posthorn",
        eisType = "Jakarta Messaging provider",
        licenseDescription = "Apache License, Version 2.0",
        authMechanisms =
                @AuthenticationMechanism(
                        authMechanism = "BasicPassword",
                        credentialInterface = AuthenticationMechanism.CredentialInterface.PasswordCredential),
        transactionSupport = TransactionSupportLevel.XATransaction)
public final class PosthornResourceAdapter extends ClientSettings implements ResourceAdapter {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(PosthornResourceAdapter.class);

    private static final ActivationSpec[] NONE = {};

    private transient List<RecoveryResource> recovery;

    private transient RecoveryNames names;

    /** The endpoints that are active; null unless it is started in a server. */
    private transient volatile EndpointTable active;

    /** @throws ResourceAdapterInternalException if a property is illegal; the text names it */
    @Override
    public void start(BootstrapContext context) throws ResourceAdapterInternalException {
        try {
            ClientUrl.check(this);
        } catch (IllegalArgumentException illegal) {
            throw new ResourceAdapterInternalException("Posthorn resource adapter: " + illegal.getMessage(), illegal);
        }
        active = context == null ? null : new EndpointTable(context.getWorkManager(), names()::named);
    }

    /** Ends delivery to endpoints that are still active. Pooled connections are closed by their pools. */
    @Override
    public void stop() {
        EndpointTable table = active;
        active = null;
        if (table != null) {
            table.close();
        }
        List<RecoveryResource> all;
        synchronized (this) {
            all = recovery == null ? List.of() : recovery;
            recovery = null;
        }
        names().clear();
        all.forEach(RecoveryResource::close);
    }

    /** @throws ResourceException if the activation cannot work, so that a message-driven bean fails at deployment instead of staying silent */
    @Override
    public void endpointActivation(MessageEndpointFactory endpoints, ActivationSpec spec) throws ResourceException {
        EndpointTable table = active;
        if (table == null) {
            throw new IllegalStateException("the resource adapter is not started");
        }
        table.activate(endpoints, spec, this);
    }

    /** Waits for beans that work on a message, 30 s at most. */
    @Override
    public void endpointDeactivation(MessageEndpointFactory endpoints, ActivationSpec spec) {
        EndpointTable table = active;
        if (table != null) {
            table.deactivate(endpoints, spec);
        }
    }

    /**
     * One resource for each cluster and user among the given activations; without any, that of this adapter's own settings. They connect when the
     * server uses them, not now.
     */
    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        Set<RecoveryResource> found = new LinkedHashSet<>();
        for (ActivationSpec spec : specs == null ? NONE : specs) {
            ClientUrl where = whereItLeads(spec);
            if (where != null) {
                found.add(known(RecoveryResource.of(where)));
            }
        }
        if (found.isEmpty()) {
            found.add(known(RecoveryResource.of(ClientUrl.of(this, null))));
        }
        return found.toArray(XAResource[]::new);
    }

    /** Null for an activation that cannot be told; the others are to be recovered nevertheless. */
    private ClientUrl whereItLeads(ActivationSpec spec) {
        if (!(spec instanceof PosthornActivationSpec ours)) {
            return null;
        }
        EndpointTable table = active;
        // Names that the endpoint was activated with may mean nothing on the thread that recovers.
        ClientUrl known = table == null ? null : table.connectionOf(ours);
        if (known != null) {
            return known;
        }
        try {
            return EndpointTable.connectionOf(ours, this);
        } catch (ResourceException unknown) {
            LOG.warn("nothing is recovered for an activation whose server is unknown: {}", unknown.getMessage());
            return null;
        }
    }

    /** By which the server's recovery knows its pools. */
    synchronized RecoveryNames names() {
        if (names == null) {
            names = new RecoveryNames();
        }
        return names;
    }

    /** The same resource for the same settings, however often the server asks. */
    private synchronized RecoveryResource known(RecoveryResource wanted) {
        if (recovery == null) {
            recovery = new ArrayList<>();
        }
        for (RecoveryResource other : recovery) {
            if (other.isLike(wanted)) {
                return other;
            }
        }
        recovery.add(wanted);
        return wanted;
    }

    /** {@value PosthornConnectionFactory#DEFAULT_URL} when it is not set. */
    @Override
    public String getConnectionUrl() {
        String set = super.getConnectionUrl();
        return set == null ? PosthornConnectionFactory.DEFAULT_URL : set;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PosthornResourceAdapter that && sameValues(that);
    }

    @Override
    public int hashCode() {
        return hashOfValues();
    }
}
