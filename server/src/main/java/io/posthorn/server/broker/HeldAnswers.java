package io.posthorn.server.broker;

import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import java.util.ArrayDeque;

/**
 * Answers that clients hardly ever wait for, to non-persistent sends and to acknowledgements in passing. They leave in groups: waking
 * a client for each would cost more than the request.
 *
 * <p>While memory is tight, answers to sends are held back for longer. A client sends on only while few of its sends are
 * unanswered, so its producers slow down to the pace of the consumers instead of being refused. The wait is bounded,
 * because a consumer that comes later, or the sender itself, may be the one to make room. Sequencer only.
 */
final class HeldAnswers {

    /** Longest wait while memory is tight, in ms. */
    private static final long TIGHT_MAX_MS = 1_000;

    private final int group;
    private final long groupMaxMs;
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private record Held(long sinceMs, FrameConnection to, Frame request) {}

    /**
     * @param group so many answers leave at once
     * @param groupMaxMs longest wait for a group to fill
     */
    HeldAnswers(int group, long groupMaxMs) {
        this.group = group;
        this.groupMaxMs = groupMaxMs;
    }

    void hold(FrameConnection to, Frame request, long nowMs) {
        held.add(new Held(nowMs, to, request));
    }

    /** Sends what is due. */
    void release(boolean tight, long nowMs) {
        Held next = held.peek();
        if (next == null) {
            return;
        }
        boolean all = !tight && (held.size() >= group || nowMs - next.sinceMs >= groupMaxMs);
        while (next != null && (all || nowMs - next.sinceMs >= TIGHT_MAX_MS)) {
            held.remove();
            next.to.respond(next.request, Unpooled.EMPTY_BUFFER);
            next = held.peek();
        }
    }

    /** Sends everything. */
    void releaseAll() {
        Held next;
        while ((next = held.poll()) != null) {
            next.to.respond(next.request, Unpooled.EMPTY_BUFFER);
        }
    }

    /** When the next answers are due, in ms since 1970; Long.MAX_VALUE when none waits. */
    long nextMs(boolean tight) {
        Held next = held.peek();
        return next == null ? Long.MAX_VALUE : next.sinceMs + (tight ? TIGHT_MAX_MS : groupMaxMs);
    }
}
