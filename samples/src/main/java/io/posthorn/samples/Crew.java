package io.posthorn.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * The threads of one run: each has a role, and the first role that fails ends all waiting.
 *
 * <p>{@link #start}, {@link #await} and {@link #close} belong to the thread that runs the pipeline.
 */
final class Crew implements AutoCloseable {
    /** What one thread does. */
    interface Role {
        void play() throws Exception;
    }

    private static final long JOIN_TIMEOUT_MS = 10_000;

    private final List<Thread> threads = new ArrayList<>();
    private final CompletableFuture<Void> trouble = new CompletableFuture<>();

    /** Starts a role on a thread of that name; the answer completes when it has ended well. */
    CompletableFuture<Void> start(String name, Role role) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> play(name, role, done), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return done;
    }

    private void play(String name, Role role, CompletableFuture<Void> done) {
        try {
            role.play();
            done.complete(null);
        } catch (Exception e) {
            // The edge of a thread: whatever it is, it ends the run.
            trouble.completeExceptionally(new RoleFailedException(name, e));
        }
    }

    /**
     * Waits as long as something moves.
     *
     * @param goal what to wait for
     * @param moved a figure that grows while there is progress
     * @param stillMaxMs how long it may stand still
     * @return whether the goal was reached; false when nothing has moved for that long
     * @throws RoleFailedException if a role has failed
     */
    boolean await(CompletableFuture<?> goal, LongSupplier moved, long stillMaxMs)
            throws RoleFailedException, InterruptedException {
        CompletableFuture<Object> either = CompletableFuture.anyOf(goal, trouble);
        while (true) {
            long before = moved.getAsLong();
            try {
                either.get(stillMaxMs, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                if (moved.getAsLong() == before) {
                    return false;
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RoleFailedException failed) {
                    throw failed;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Interrupts what still runs and waits for it, bounded. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(JOIN_TIMEOUT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
