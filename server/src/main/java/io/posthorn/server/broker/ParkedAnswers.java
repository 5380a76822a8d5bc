package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.server.net.Acceptor;
import java.util.ArrayDeque;

/** Answers that wait until the commit position passes what they promise. Sequencer only. */
final class ParkedAnswers {

    private final ArrayDeque<Parked> parked = new ArrayDeque<>();

    private record Parked(long until, FrameConnection to, Frame request, ByteBuf body) {}

    /** @param until commit position from which on the answer may go out; never falls from call to call */
    void park(long until, FrameConnection to, Frame request, ByteBuf body) {
        parked.add(new Parked(until, to, request, body));
    }

    int size() {
        return parked.size();
    }

    void release(long commitPosition) {
        Parked next;
        while ((next = parked.peek()) != null && next.until <= commitPosition) {
            parked.remove();
            next.to.respond(next.request, next.body);
        }
    }

    /** Answers everything that waits with FENCED: it may or may not be durable, and nobody here will find out. */
    void fail(String why) {
        Parked next;
        while ((next = parked.poll()) != null) {
            next.body.release();
            Acceptor.refuse(next.to, next.request, ErrorCode.FENCED, why);
        }
    }
}
