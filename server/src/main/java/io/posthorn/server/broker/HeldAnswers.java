package io.posthorn.server.broker;

import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import java.util.ArrayDeque;

/**
 * Answers to non-persistent sends. Clients hardly ever wait for them, so they leave in groups: waking a client for each would cost
 * more than the message.
 *
 * <p>While the memory for such messages is tight they are held back for longer. A client sends on only while few of its sends are
 * unanswered, so its producers slow down to the pace of the consumers instead of being refused. The wait is bounded,
 * because a consumer that comes later, or the sender itself, may be the one to make room. Sequencer only.
 */
final class HeldAnswers {

    /** So many answers leave at once. */
    private static final int GROUP = 32;

    /** Longest wait for a group to fill, in ms. */
    private static final long GROUP_MAX_MS = 2;

    /** Longest wait while memory is tight, in ms. */
    private static final long TIGHT_MAX_MS = 1_000;

    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private record Held(long sinceMs, FrameConnection to, Frame request) {}

    void hold(FrameConnection to, Frame request, long nowMs) {
        held.add(new Held(nowMs, to, request));
    }

    /** Sends what is due. */
    void release(boolean tight, long nowMs) {
        Held next = held.peek();
        if (next == null) {
            return;
        }
        boolean all = !tight && (held.size() >= GROUP || nowMs - next.sinceMs >= GROUP_MAX_MS);
        while (next != null && (all || nowMs - next.sinceMs >= TIGHT_MAX_MS)) {
            held.remove();
            next.to.respond(next.request, Unpooled.EMPTY_BUFFER);
            next = held.peek();
        }
    }

    /** When the next answers are due, in ms since 1970; Long.MAX_VALUE when none waits. */
    long nextMs(boolean tight) {
        Held next = held.peek();
        return next == null ? Long.MAX_VALUE : next.sinceMs + (tight ? TIGHT_MAX_MS : GROUP_MAX_MS);
    }
}
