package io.posthorn.ra.inbound;

import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One activated endpoint, from its activation to its deactivation, over as many connections as that takes. A thread of its own connects, waits
 * between tries, and hands sessions to the container's threads; beans are never called on it.
 *
 * <p>Activating fails when the activation cannot work as it is configured. A server that cannot be reached is looked for until it is there, with
 * a warning at first and every so often; so is one that was lost later.
 */
final class EndpointActivation {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointActivation.class);

    private static final long FIRST_TRY_MAX_MS = 30_000;
    private static final long CONNECT_PAUSE_FIRST_MS = 200;
    private static final long CONNECT_PAUSE_MAX_MS = 10_000;
    /** One warning in so many tries, after the first: every five minutes. */
    private static final int WARN_EVERY = 30;

    private static final long THREAD_END_MS = 5_000;

    private final ActivationSettings settings;
    private final Endpoint endpoints;
    private final WorkManager workers;
    private final ScheduledThreadPoolExecutor thread;

    // Of the activation's thread.
    private final Backoff tries = new Backoff(CONNECT_PAUSE_FIRST_MS, CONNECT_PAUSE_MAX_MS);
    private EndpointLink link;

    private volatile boolean closed;

    EndpointActivation(ActivationSettings settings, Endpoint endpoints, WorkManager workers) {
        this.settings = settings;
        this.endpoints = endpoints;
        this.workers = workers;
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread own = new Thread(
                    task, "posthorn-endpoint " + settings.subscription().destination());
            own.setDaemon(true);
            // Not the application's, which must not be held by this thread, nor by those the client starts from it.
            own.setContextClassLoader(EndpointActivation.class.getClassLoader());
            return own;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
    }

    // ---- activation

    /**
     * Connects. Waits for the first try, 30 s at most.
     *
     * @throws ResourceException if it cannot work; then everything is closed. The text says why
     */
    void open() throws ResourceException {
        CompletableFuture<Void> first = new CompletableFuture<>();
        thread.execute(() -> connectFirst(first));
        try {
            awaitFirst(first);
        } catch (ExecutionException refused) {
            thread.shutdownNow();
            throw refused.getCause() instanceof ResourceException known
                    ? known
                    : new ResourceException(
                            "the endpoint cannot be activated: " + refused.getCause(), refused.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            close();
            throw new ResourceException("interrupted while the endpoint was being activated", interrupted);
        }
    }

    private void awaitFirst(CompletableFuture<Void> first) throws ExecutionException, InterruptedException {
        try {
            first.get(FIRST_TRY_MAX_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            if (!first.complete(null)) {
                first.get();
            } else {
                LOG.warn("{}: no answer yet; the endpoint is activated and goes on trying", this);
            }
        }
    }

    private void connectFirst(CompletableFuture<Void> first) {
        try {
            link = openLink();
            first.complete(null);
        } catch (JMSException failed) {
            boolean told = ActivationFailures.isLasting(failed)
                    && first.completeExceptionally(ActivationFailures.refusal(settings, failed));
            if (!told) {
                again(failed);
                first.complete(null);
            }
        } catch (RuntimeException broken) {
            if (!first.completeExceptionally(broken)) {
                again(broken);
            }
        }
    }

    ClientUrl connection() {
        return settings.connection();
    }

    // ---- connections: on the activation's thread

    private EndpointLink openLink() throws JMSException {
        EndpointLink[] opened = new EndpointLink[1];
        opened[0] = EndpointLink.open(this, settings, endpoints, reason -> execute(() -> lost(opened[0], reason)));
        return opened[0];
    }

    private void connect() {
        if (closed) {
            return;
        }
        try {
            link = openLink();
            LOG.info("{}: connected", this);
            tries.reset();
        } catch (JMSException | RuntimeException failed) {
            again(failed);
        }
    }

    private void again(Exception failure) {
        long pauseMs = tries.nextMs();
        if (tries.failures() % WARN_EVERY == 1) {
            LOG.warn("{}: cannot connect, and goes on trying: {}", this, failure.getMessage());
        } else {
            LOG.debug("{}: cannot connect, and goes on trying", this, failure);
        }
        schedule(this::connect, pauseMs);
    }

    private void lost(EndpointLink which, JMSException reason) {
        if (closed || which == null || which != link) {
            return;
        }
        link = null;
        LOG.warn("{}: lost its connection, and connects again: {}", this, reason.getMessage());
        which.close();
        connect();
    }

    // ---- for its sessions: any thread

    /** Has it run on a thread of the container, after a pause. */
    void schedule(EndpointSession session, long pauseMs) {
        schedule(() -> hand(session), pauseMs);
    }

    private void hand(EndpointSession session) {
        if (!session.due()) {
            return;
        }
        EndpointBurst burst = new EndpointBurst(session);
        try {
            workers.scheduleWork(burst, WorkManager.INDEFINITE, null, burst);
        } catch (WorkException | RuntimeException busy) {
            burst.notBegun(busy);
        }
    }

    private void schedule(Runnable step, long pauseMs) {
        try {
            thread.schedule(step, pauseMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            LOG.trace("{}: nothing is done any more", this, ended);
        }
    }

    private void execute(Runnable step) {
        schedule(step, 0);
    }

    // ---- deactivation

    /**
     * Ends delivery; does not wait. Once.
     *
     * @return completes when what was being worked on is through, and all is closed
     */
    CompletableFuture<Void> close() {
        closed = true;
        CompletableFuture<Void> end = new CompletableFuture<>();
        execute(() -> closeLink(end));
        // What has been executed is still done, what waits for a time is not.
        thread.shutdown();
        return end;
    }

    private void closeLink(CompletableFuture<Void> end) {
        EndpointLink last = link;
        link = null;
        if (last == null) {
            end.complete(null);
            return;
        }
        last.close().whenComplete((nothing, impossible) -> end.complete(null));
    }

    /** After {@link #close()}: waits for the thread, a few seconds at most. */
    void awaitThread() {
        try {
            if (!thread.awaitTermination(THREAD_END_MS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** For logs. */
    @Override
    public String toString() {
        return "endpoint of " + settings.subscription() + " at " + settings.connection();
    }
}
