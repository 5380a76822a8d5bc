package io.posthorn.server.broker;

import io.posthorn.protocol.ErrorCode;
import io.posthorn.server.cluster.RefusedException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/** Steps of the broker itself that wait until what they did is durable. Sequencer only. */
final class OwnSteps {

    private final ArrayDeque<Waiting<?>> waiting = new ArrayDeque<>(0);

    private record Waiting<R>(long until, CompletableFuture<R> done, R response) {

        void complete() {
            done.complete(response);
        }
    }

    /** @param until commit position; never falls from call to call */
    <R> void await(long until, CompletableFuture<R> done, R response) {
        waiting.add(new Waiting<>(until, done, response));
    }

    void release(long commitPosition) {
        for (Waiting<?> next = waiting.peek(); next != null && next.until <= commitPosition; next = waiting.peek()) {
            waiting.remove();
            next.complete();
        }
    }

    void fail(String why) {
        for (Waiting<?> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.done.completeExceptionally(new RefusedException(ErrorCode.FENCED, why));
        }
    }
}
