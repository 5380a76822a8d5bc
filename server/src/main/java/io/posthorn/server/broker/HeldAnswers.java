package io.posthorn.server.broker;

import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import java.util.ArrayDeque;

/**
 * Answers to non-persistent sends that are held back while the memory for such messages is tight. A client sends on only while
 * few of its sends are unanswered, so its producers slow down to the pace of the consumers instead of being refused. The wait
 * is bounded, because a consumer that comes later, or the sender itself, may be the one to make room. Sequencer only.
 */
final class HeldAnswers {

    /** Longest wait, in ms. */
    static final long HELD_MAX_MS = 1_000;

    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private record Held(long untilMs, FrameConnection to, Frame request) {}

    void hold(FrameConnection to, Frame request, long nowMs) {
        held.add(new Held(nowMs + HELD_MAX_MS, to, request));
    }

    /** Sends what has waited long enough, or everything when memory is no longer tight. */
    void release(boolean tight, long nowMs) {
        Held next;
        while ((next = held.peek()) != null && (!tight || next.untilMs <= nowMs)) {
            held.remove();
            next.to.respond(next.request, Unpooled.EMPTY_BUFFER);
        }
    }

    /** When the next answer has waited long enough, in ms since 1970; Long.MAX_VALUE when none waits. */
    long nextMs() {
        Held next = held.peek();
        return next == null ? Long.MAX_VALUE : next.untilMs;
    }
}
