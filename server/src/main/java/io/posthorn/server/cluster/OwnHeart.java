package io.posthorn.server.cluster;

import io.posthorn.server.queue.BrokerHeart;
import io.posthorn.server.queue.Outcome;
import java.util.concurrent.CompletableFuture;

/** The way to this broker's own heart. Any thread. */
public interface OwnHeart {

    /** A verb of the broker itself, carried out by the heart's thread. */
    interface Step<R> {

        Outcome<R> on(BrokerHeart heart, long now);
    }

    /** Completes when what it did is durable; fails with a {@link RefusedException}. What continues there must not block. */
    <R> CompletableFuture<R> carryOut(Step<R> step);

    /** Of this Master's reign. */
    long epoch();
}
