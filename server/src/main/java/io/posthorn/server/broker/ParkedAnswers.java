package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.server.net.Acceptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Answers that wait until the commit position passes what they promise. Sequencer only. */
final class ParkedAnswers {

    private final ArrayDeque<Parked> parked = new ArrayDeque<>();

    private final List<FrameConnection> answered = new ArrayList<>();

    private final HeldAnswers held;
    private int awaited;

    private record Parked(long until, boolean awaited, FrameConnection to, Frame request, ByteBuf body, long sinceMs) {}

    /** @param held takes the answers that nobody waits for, once they may go out */
    ParkedAnswers(HeldAnswers held) {
        this.held = held;
    }

    /**
     * @param until commit position from which on the answer may go out; never falls from call to call
     * @param someoneWaits whether the client waits for it
     */
    void park(long until, boolean someoneWaits, FrameConnection to, Frame request, ByteBuf body, long nowMs) {
        parked.add(new Parked(until, someoneWaits, to, request, body, nowMs));
        awaited += someoneWaits ? 1 : 0;
    }

    /** How many parked answers somebody waits for. */
    int awaited() {
        return awaited;
    }

    /** How many parked answers nobody waits for. */
    int unawaited() {
        return parked.size() - awaited;
    }

    /**
     * Sends what may go out.
     *
     * @return the connection that was answered last and whose client waits; null when there was none
     */
    FrameConnection release(long commitPosition, long nowMs) {
        Parked next;
        while ((next = parked.peek()) != null && next.until <= commitPosition) {
            parked.remove();
            awaited -= next.awaited ? 1 : 0;
            if (next.awaited) {
                next.to.respond(next.request, next.body);
                if (answered.isEmpty() || answered.get(answered.size() - 1) != next.to) {
                    answered.add(next.to);
                }
            } else {
                next.body.release();
                held.hold(next.to, next.request, nowMs);
            }
        }
        // Now, not at the end of the batch: who waits need not wait for the dispatching of others' messages too.
        FrameConnection last = null;
        for (int i = 0; i < answered.size(); i++) {
            last = answered.get(i);
            last.flush();
        }
        answered.clear();
        return last;
    }

    /** When the first of them was parked; {@link Long#MAX_VALUE} when there is none. */
    long oldestMs() {
        Parked first = parked.peek();
        return first == null ? Long.MAX_VALUE : first.sinceMs;
    }

    /**
     * Answers with IN_DOUBT what somebody has been waiting for since then: it is kept here, but perhaps not elsewhere. What nobody
     * waits for stays.
     */
    void giveUp(long parkedUpToMs, String why) {
        for (Iterator<Parked> all = parked.iterator(); all.hasNext(); ) {
            Parked next = all.next();
            if (next.sinceMs > parkedUpToMs) {
                return;
            }
            if (next.awaited) {
                all.remove();
                awaited--;
                next.body.release();
                Acceptor.refuse(next.to, next.request, ErrorCode.IN_DOUBT, why);
                next.to.flush();
            }
        }
    }

    /** Answers everything that waits with FENCED: it may or may not be durable, and nobody here will find out. */
    void fail(String why) {
        Parked next;
        awaited = 0;
        while ((next = parked.poll()) != null) {
            next.body.release();
            Acceptor.refuse(next.to, next.request, ErrorCode.FENCED, why);
        }
    }
}
