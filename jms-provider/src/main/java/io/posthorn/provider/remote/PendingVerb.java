package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.util.concurrent.CompletableFuture;

/**
 * A single verb without an answer yet: open, close, drain, subscribe… All of these may be repeated.
 *
 * @param <T> what its answer says
 */
final class PendingVerb<T> extends Call {

    /** The parts that differ from verb to verb. */
    interface Verb<T> {

        int code();

        /** For log and error texts. */
        String what();

        /** About how many bytes {@link #encode} writes. */
        default int bodyBytes() {
            return 128;
        }

        /** @param repeated whether it was written before */
        void encode(ByteBuf body, boolean repeated);

        T decode(ByteBuf answer);

        /** The error that means "done already" when a repeated verb gets it, or null. */
        default ErrorCode doneBefore() {
            return null;
        }

        /** Follows the outcome, before the future does; on the event loop. */
        default void ended(ProviderException failure, T answer) {
            // Most verbs leave no trace on this side.
        }
    }

    private final Verb<T> verb;
    private final RequestFlow flow;
    private final CompletableFuture<T> future = new CompletableFuture<>();

    PendingVerb(Verb<T> verb, RequestFlow flow) {
        this.verb = verb;
        this.flow = flow;
    }

    CompletableFuture<T> future() {
        return future;
    }

    @Override
    int code() {
        return verb.code();
    }

    @Override
    int bodyBytes() {
        return verb.bodyBytes();
    }

    @Override
    void encode(ByteBuf body) {
        verb.encode(body, isRepeated());
    }

    @Override
    boolean isUrgent() {
        return true;
    }

    @Override
    String what() {
        return verb.what();
    }

    @Override
    void done(ProviderException failure, ByteBuf answer) {
        if (!flow.settled(this)) {
            return;
        }
        boolean doneBefore = failure != null
                && isRepeated()
                && verb.doneBefore() != null
                && failure.kind() == Failures.kindOf(verb.doneBefore());
        ProviderException outcome = doneBefore ? null : failure;
        T value = null;
        if (failure == null) {
            try {
                value = verb.decode(answer);
            } catch (ProtocolException malformed) {
                outcome = new ProviderException(Kind.INTERNAL, "malformed answer to " + what(), malformed);
            }
        }
        verb.ended(outcome, value);
        if (outcome == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(outcome);
        }
    }
}
