package io.posthorn.net;

import io.netty.util.collection.IntObjectHashMap;
import io.posthorn.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one connection that wait for their answers. Any thread takes a place and enters a request; all else is done by the
 * event loop. The table has a lock of its own, held for a few instructions, so that reading an answer never waits for a socket write.
 */
final class PendingRequests {

    private static final Logger LOG = LoggerFactory.getLogger(PendingRequests.class);

    private final AtomicInteger admitted = new AtomicInteger();
    private final int inFlightMax;

    // Guarded by byOpaque.
    private final IntObjectHashMap<Outgoing> byOpaque = new IntObjectHashMap<>();
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
        synchronized (byOpaque) {
            return byOpaque.isEmpty();
        }
    }

    /** Any thread: enters an admitted request. @return its correlation id; never 0, which one-way requests carry */
    int add(Outgoing request) {
        synchronized (byOpaque) {
            int opaque = lastOpaque;
            do {
                opaque++;
            } while (opaque == 0 || byOpaque.containsKey(opaque));
            lastOpaque = opaque;
            byOpaque.put(opaque, request);
            return opaque;
        }
    }

    /** Hands a response to its request; one that came too late, or that nobody asked for, is dropped. */
    void complete(Frame response) {
        Outgoing request = take(response.opaque());
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
        return leave(take(opaque));
    }

    /** Fails an admitted request that is not, or no longer, in the table. */
    void fail(Outgoing request, Throwable failure) {
        tell(leave(request), failure);
    }

    /** Fails every request whose deadline is reached. */
    void failOverdue(long nowNs, String peer) {
        List<Integer> overdue = null;
        synchronized (byOpaque) {
            for (var entry : byOpaque.entries()) {
                if (entry.value().deadlineNs - nowNs <= 0) {
                    overdue = overdue == null ? new ArrayList<>() : overdue;
                    overdue.add(entry.key());
                }
            }
        }
        if (overdue == null) {
            return;
        }
        for (int opaque : overdue) {
            Outgoing request = take(opaque);
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
        while (!isEmpty()) {
            List<Outgoing> requests;
            synchronized (byOpaque) {
                requests = new ArrayList<>(byOpaque.values());
                byOpaque.clear();
            }
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

    private Outgoing take(int opaque) {
        synchronized (byOpaque) {
            return byOpaque.remove(opaque);
        }
    }

    private ResponseListener leave(Outgoing request) {
        admitted.decrementAndGet();
        ResponseListener listener = request.listener;
        request.listener = null;
        return listener;
    }
}
