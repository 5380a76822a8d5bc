package io.posthorn.ra.inbound;

import io.posthorn.ra.settings.ClientSettings;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.WorkManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The active endpoints of a resource adapter. Its container's threads call it; activations of different endpoints may run side by side, and an
 * endpoint may come and go any number of times.
 */
public final class EndpointTable {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointTable.class);

    /** How long a deactivation waits for beans that work on a message. */
    private static final long END_MAX_MS = 30_000;

    private record Key(MessageEndpointFactory factory, ActivationSpec spec) {}

    private final WorkManager workers;
    private final Enlistment enlistment;
    private final Map<Key, EndpointActivation> active = new ConcurrentHashMap<>();

    /** @param workers the container's; not null */
    public EndpointTable(WorkManager workers, Enlistment enlistment) {
        this.workers = workers;
        this.enlistment = enlistment;
    }

    /**
     * Begins delivery.
     *
     * @param defaults what an activation takes that says nothing of its own, nor names a connection factory
     * @throws ResourceException if the activation cannot work; the text says why
     */
    public void activate(MessageEndpointFactory factory, ActivationSpec spec, ClientSettings defaults)
            throws ResourceException {
        if (!(spec instanceof PosthornActivationSpec ours)) {
            throw new ResourceException("not an activation of Posthorn: " + spec);
        }
        ActivationSettings settings = ActivationSettings.of(ours, defaults, factory.getActivationName());
        EndpointActivation activation = new EndpointActivation(settings, new Endpoint(factory, enlistment), workers);
        Key key = new Key(factory, spec);
        if (active.putIfAbsent(key, activation) != null) {
            throw new ResourceException("the endpoint is active already: " + activation);
        }
        boolean opened = false;
        try {
            activation.open();
            opened = true;
        } finally {
            if (!opened) {
                active.remove(key);
            }
        }
    }

    /** Where an activation leads while it is active; else null. */
    public ClientUrl connectionOf(PosthornActivationSpec spec) {
        for (Map.Entry<Key, EndpointActivation> entry : active.entrySet()) {
            if (entry.getKey().spec() == spec) {
                return entry.getValue().connection();
            }
        }
        return null;
    }

    /**
     * Where an activation would lead, on a thread whose naming context knows what it names.
     *
     * @param defaults what an activation takes that says nothing of its own, nor names a connection factory
     * @throws ResourceException if it names what is not there, or no connection factory of Posthorn
     */
    public static ClientUrl connectionOf(PosthornActivationSpec spec, ClientSettings defaults)
            throws ResourceException {
        return ActivationSettings.connection(spec, defaults);
    }

    /** Ends delivery. Waits for beans that work on a message, 30 s at most; without effect when it is not active. */
    public void deactivate(MessageEndpointFactory factory, ActivationSpec spec) {
        EndpointActivation activation = active.remove(new Key(factory, spec));
        if (activation != null) {
            end(List.of(activation));
        }
    }

    /** Ends delivery to all of them, as {@link #deactivate}. */
    public void close() {
        List<EndpointActivation> all = List.copyOf(active.values());
        active.clear();
        end(all);
    }

    private static void end(List<EndpointActivation> activations) {
        CompletableFuture<?>[] ends =
                activations.stream().map(EndpointActivation::close).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(END_MAX_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException busy) {
            LOG.warn("{}: beans still work on messages; what they hold is closed when they are through", activations);
        } catch (ExecutionException impossible) {
            LOG.warn("{}: {}", activations, impossible.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        activations.forEach(EndpointActivation::awaitThread);
    }
}
