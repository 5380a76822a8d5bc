package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.ConnectionClosedException;
import io.posthorn.net.FrameTooLargeException;
import io.posthorn.net.RemotingTimeoutException;
import io.posthorn.net.ResponseListener;
import io.posthorn.net.TooManyRequestsException;
import io.posthorn.protocol.Frame;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;

/**
 * A request that its flow keeps until it is answered, so that it can be written again on another link. The body is encoded
 * anew each time, for the delivery ids in it belong to a link.
 *
 * <p>Life: waiting → written (perhaps several times) → {@link #done}, once. The loss of the link is no end.
 */
abstract class Call implements ResponseListener {

    private BrokerLink link;
    private int writes;

    /** Request code; asked after {@link #prepare}. */
    abstract int code();

    /** About how many bytes {@link #encode} writes. */
    abstract int bodyBytes();

    abstract void encode(ByteBuf body);

    /** Whether the thread that writes it first is about to wait for the answer. */
    boolean isUrgent() {
        return false;
    }

    /** For log and error texts: "a commit". */
    abstract String what();

    /**
     * The end, on the event loop.
     *
     * @param failure null when it succeeded
     * @param answer  body of the success; null on failure
     */
    abstract void done(ProviderException failure, ByteBuf answer);

    /** Called before each write, under the flow's lock. False: there is nothing to ask the broker any more. */
    boolean prepare(BrokerLink next) {
        return true;
    }

    /** No answer in time; the link is being probed. */
    void timedOut() {
        done(Failures.timedOut(what()), null);
    }

    /** Writes it, under the flow's lock; {@link #done} is never called within. */
    final void write(BrokerLink next) {
        if (!prepare(next)) {
            next.loop().execute(() -> done(null, null));
            return;
        }
        link = next;
        writes++;
        next.send(this);
    }

    /** Whether a broker may have seen it. */
    final boolean isWritten() {
        return writes > 0;
    }

    /** Whether it has been written more than once, so that the broker may have carried it out before. */
    final boolean isRepeated() {
        return writes > 1;
    }

    final BrokerLink link() {
        return link;
    }

    @Override
    public final void onResponse(Frame answer) {
        try {
            if (Failures.isFenced(answer)) {
                link.close("the broker is fenced: " + answer.remark());
            } else if (answer.code() != 0) {
                done(Failures.of(answer), null);
            } else {
                done(null, answer.body());
            }
        } finally {
            answer.release();
        }
    }

    @Override
    public final void onFailure(Throwable failure) {
        if (failure instanceof ConnectionClosedException) {
            // The flow still has it, and writes it again on the next link.
            return;
        }
        if (failure instanceof RemotingTimeoutException) {
            link.probe();
            timedOut();
        } else if (failure instanceof FrameTooLargeException) {
            done(new ProviderException(Kind.INVALID_MESSAGE, failure.getMessage(), failure), null);
        } else if (failure instanceof TooManyRequestsException) {
            done(new ProviderException(Kind.RESOURCE, failure.getMessage(), failure), null);
        } else {
            done(new ProviderException(Kind.INTERNAL, what() + " failed: " + failure, failure), null);
        }
    }
}
