package io.posthorn.tck;

import io.posthorn.testing.Await;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** A call on a thread of its own, and whether it waits. */
public final class Background<T> {

    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> call) {
        task = new FutureTask<>(call);
        thread = new Thread(task, "test-background");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts a call with a result. */
    public static <T> Background<T> of(Callable<T> call) {
        return new Background<>(call);
    }

    /** Starts a call without one. */
    public static Background<Void> run(Executable call) {
        return new Background<>(() -> {
            Outcome.perform(call);
            return null;
        });
    }

    /** Returns when the call waits for something; fails when it ends instead. */
    public void awaitWaiting() throws Exception {
        Await.until("the call waits", () -> {
            if (task.isDone()) {
                throw new AssertionError("the call has not waited: " + task.get());
            }
            return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
        });
    }

    /** The result; fails with what the call has thrown. */
    public T result() throws Exception {
        return task.get(ServerTest.COMES_MS, TimeUnit.MILLISECONDS);
    }
}
