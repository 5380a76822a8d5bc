package io.posthorn.provider.remote;

import io.posthorn.net.FrameClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/** The event loop of a {@link FrameClient} as the {@link Loop} of a connection. */
final class ClientLoop implements Loop {

    private final FrameClient client;

    ClientLoop(FrameClient client) {
        this.client = client;
    }

    @Override
    public void execute(Runnable task) {
        try {
            client.execute(task);
        } catch (RejectedExecutionException ended) {
            task.run();
        }
    }

    @Override
    public Future<?> schedule(Runnable task, Duration delay) {
        try {
            return client.schedule(task, delay);
        } catch (RejectedExecutionException ended) {
            return new CompletableFuture<Void>();
        }
    }

    @Override
    public boolean isCurrentThread() {
        return client.inEventLoop();
    }
}
