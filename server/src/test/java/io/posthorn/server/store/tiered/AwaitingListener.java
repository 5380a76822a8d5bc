package io.posthorn.server.store.tiered;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A listener that tests wait on. */
public final class AwaitingListener implements CommitListener {

    private static final long LIMIT_MS = 20_000;

    private long committed;
    private long checkpointed;
    private final List<StoreException> failures = new ArrayList<>();

    @Override
    public synchronized void committed(long position) {
        assertTrue(position >= committed, "the commit position moved back");
        committed = position;
        notifyAll();
    }

    @Override
    public synchronized void failed(StoreException cause) {
        failures.add(cause);
        notifyAll();
    }

    @Override
    public synchronized void checkpointed(long position) {
        checkpointed = position;
        notifyAll();
    }

    public synchronized List<StoreException> failures() {
        return List.copyOf(failures);
    }

    public synchronized long committed() {
        return committed;
    }

    public synchronized void awaitCommitted(long position) {
        await(() -> committed >= position, "commit of " + position);
    }

    public synchronized void awaitCheckpointed(long position) {
        await(() -> checkpointed >= position, "checkpoint of " + position);
    }

    public synchronized void awaitFailed() {
        await(() -> !failures.isEmpty(), "a failure");
    }

    /** Tries a condition that nobody announces until it holds. */
    public synchronized void awaitTrue(BooleanSupplier condition, String what) {
        await(condition, what);
    }

    private void await(BooleanSupplier condition, String what) {
        // Tried exactly until it holds: some conditions do something when they do.
        for (long waits = LIMIT_MS / 10; !condition.getAsBoolean(); waits--) {
            assertTrue(waits > 0, "no " + what + " within " + LIMIT_MS + " ms");
            try {
                wait(10);
            } catch (InterruptedException interrupted) {
                throw new AssertionError("interrupted while waiting for " + what, interrupted);
            }
        }
    }
}
