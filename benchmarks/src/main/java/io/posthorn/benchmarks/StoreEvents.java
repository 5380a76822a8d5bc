package io.posthorn.benchmarks;

import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.StoreException;
import java.util.function.BooleanSupplier;

/** Lets a benchmark wait for its store. */
final class StoreEvents implements CommitListener {

    // Guarded by this.
    private long committed;
    private long checkpointed;
    private StoreException failure;

    @Override
    public synchronized void committed(long position) {
        committed = position;
        notifyAll();
    }

    @Override
    public synchronized void checkpointed(long position) {
        checkpointed = position;
        notifyAll();
    }

    @Override
    public synchronized void failed(StoreException cause) {
        failure = cause;
        notifyAll();
    }

    synchronized void awaitCommitted(long position) throws InterruptedException {
        await(() -> committed >= position);
    }

    synchronized void awaitCheckpointed(long position) throws InterruptedException {
        await(() -> checkpointed >= position);
    }

    private void await(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            if (failure != null) {
                throw failure;
            }
            wait();
        }
    }
}
