package io.posthorn.provider.remote;

import io.posthorn.provider.ProviderException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The single verbs of one connection that are not answered, in the order of the calls. Any thread asks; the event loop takes
 * answers, and takes the link away and gives a new one.
 */
final class RequestFlow {

    /** Most verbs that may be unanswered: every session waits for its own, so more of them are a fault. */
    static final int UNANSWERED_MAX = 1_024;

    // Guarded by this.
    private final Set<PendingVerb<?>> unanswered = new LinkedHashSet<>();
    private BrokerLink link;
    private ProviderException failure;
    private CompletableFuture<Void> drained;

    <T> CompletableFuture<T> ask(PendingVerb.Verb<T> verb) {
        PendingVerb<T> call = new PendingVerb<>(verb, this);
        ProviderException refusal;
        synchronized (this) {
            refusal = failure;
            if (refusal == null && unanswered.size() >= UNANSWERED_MAX) {
                refusal = new ProviderException(
                        ProviderException.Kind.RESOURCE,
                        UNANSWERED_MAX + " requests of this connection are unanswered, the limit");
            }
            if (refusal == null) {
                unanswered.add(call);
                if (link != null) {
                    call.write(link);
                }
                return call.future();
            }
        }
        verb.ended(refusal, null);
        return CompletableFuture.failedFuture(refusal);
    }

    synchronized boolean settled(PendingVerb<?> call) {
        boolean first = unanswered.remove(call);
        completeIfDrained();
        return first;
    }

    /** The link is lost. */
    synchronized void detach() {
        link = null;
    }

    /** A new link: repeats what is unanswered and writes what has waited. */
    synchronized void attach(BrokerLink next) {
        for (PendingVerb<?> call : unanswered) {
            call.write(next);
        }
        link = next;
    }

    /** Everything fails from now on. */
    void fail(ProviderException reason) {
        List<PendingVerb<?>> failing;
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = reason;
            failing = new ArrayList<>(unanswered);
        }
        failing.forEach(call -> call.done(reason, null));
    }

    /** Completes when everything is answered, at the latest when everything fails. */
    synchronized CompletableFuture<Void> drained() {
        if (drained == null) {
            drained = new CompletableFuture<>();
        }
        completeIfDrained();
        return drained;
    }

    private void completeIfDrained() {
        if (drained != null && unanswered.isEmpty()) {
            drained.complete(null);
        }
    }
}
