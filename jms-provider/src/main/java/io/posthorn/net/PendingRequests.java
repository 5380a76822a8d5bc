package io.posthorn.net;

import io.netty.util.collection.IntObjectHashMap;
import io.posthorn.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one connection that wait for their answers. The bound is taken by any thread, all else is done by the
 * event loop, so the table needs no lock and no boxes.
 */
final class PendingRequests {

    private static final Logger LOG = LoggerFactory.getLogger(PendingRequests.class);

    private final IntObjectHashMap<Outgoing> byOpaque = new IntObjectHashMap<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final int inFlightMax;
    private int lastOpaque;

    PendingRequests(int inFlightMax) {
        this.inFlightMax = inFlightMax;
    }

    /** Any thread: takes a place for one more request, or says that there is none. */
    boolean admit() {
        if (admitted.incrementAndGet() <= inFlightMax) {
            return true;
        }
        admitted.decrementAndGet();
        return false;
    }

    int inFlightMax() {
        return inFlightMax;
    }

    boolean isEmpty() {
        return byOpaque.isEmpty();
    }

    /** Enters an admitted request. @return its correlation id; never 0, which one-way requests carry */
    int add(Outgoing request) {
        int opaque = lastOpaque;
        do {
            opaque++;
        } while (opaque == 0 || byOpaque.containsKey(opaque));
        lastOpaque = opaque;
        byOpaque.put(opaque, request);
        return opaque;
    }

    /** Hands a response to its request; one that came too late, or that nobody asked for, is dropped. */
    void complete(Frame response) {
        Outgoing request = byOpaque.remove(response.opaque());
        if (request == null) {
            LOG.debug("dropped a response that nothing waits for: {}", response);
            response.release();
            return;
        }
        ResponseListener listener = leave(request);
        try {
            listener.onResponse(response);
        } catch (RuntimeException | Error broken) {
            LOG.error("a response listener failed", broken);
        }
    }

    /** Takes a request out again that could not be written. @return its listener, to be told */
    ResponseListener remove(int opaque) {
        return leave(byOpaque.remove(opaque));
    }

    /** Fails an admitted request that is not, or no longer, in the table. */
    void fail(Outgoing request, Throwable failure) {
        tell(leave(request), failure);
    }

    /** Fails every request whose deadline is reached. */
    void failOverdue(long nowNs, String peer) {
        List<Integer> overdue = null;
        for (var entry : byOpaque.entries()) {
            if (entry.value().deadlineNs - nowNs <= 0) {
                overdue = overdue == null ? new ArrayList<>() : overdue;
                overdue.add(entry.key());
            }
        }
        if (overdue == null) {
            return;
        }
        for (int opaque : overdue) {
            Outgoing request = byOpaque.remove(opaque);
            // Null when the listener of an earlier one closed the connection.
            if (request != null) {
                fail(
                        request,
                        new RemotingTimeoutException(
                                "no answer from " + peer + " within " + request.timeoutNs / 1_000_000 + " ms"));
            }
        }
    }

    void failAll(Throwable failure) {
        while (!byOpaque.isEmpty()) {
            List<Outgoing> requests = new ArrayList<>(byOpaque.values());
            byOpaque.clear();
            for (Outgoing request : requests) {
                fail(request, failure);
            }
        }
    }

    /** Gives an admitted place back that never became a request. */
    void withdraw() {
        admitted.decrementAndGet();
    }

    static void tell(ResponseListener listener, Throwable failure) {
        try {
            listener.onFailure(failure);
        } catch (RuntimeException | Error broken) {
            LOG.error("a response listener failed", broken);
        }
    }

    private ResponseListener leave(Outgoing request) {
        admitted.decrementAndGet();
        ResponseListener listener = request.listener;
        request.listener = null;
        return listener;
    }
}
