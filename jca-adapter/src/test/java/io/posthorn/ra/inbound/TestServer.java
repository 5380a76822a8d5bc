package io.posthorn.ra.inbound;

import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.XATerminator;
import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import jakarta.resource.spi.work.WorkRejectedException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Queue;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What an application server gives a resource adapter: threads. */
@SuppressWarnings("deprecation")
final class TestServer implements BootstrapContext, WorkManager {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger refusals = new AtomicInteger();
    private final Set<Work> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger runs = new AtomicInteger();
    private volatile boolean releasing;

    /** Works and listeners that it has ever got: the threads of some servers (WildFly's) keep them long after they are done. */
    private final Queue<Object> kept = new ConcurrentLinkedQueue<>();

    /** Refuses that many of the next works. */
    void refuseNext(int count) {
        refusals.set(count);
    }

    /** Releases each work when it has run, as WildFly does. */
    void releaseAfterRuns() {
        releasing = true;
    }

    /** Asks for the threads of all works that run now. */
    void releaseRunning() {
        running.forEach(Work::release);
    }

    /** How many works have begun. */
    int runs() {
        return runs.get();
    }

    private void run(Work work) {
        runs.incrementAndGet();
        running.add(work);
        try {
            work.run();
        } finally {
            running.remove(work);
            if (releasing) {
                work.release();
            }
        }
    }

    @Override
    public void scheduleWork(Work work) throws WorkRejectedException {
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new WorkRejectedException("busy");
        }
        threads.execute(() -> run(work));
    }

    @Override
    public void scheduleWork(Work work, long startTimeout, ExecutionContext context, WorkListener listener)
            throws WorkRejectedException {
        kept.add(work);
        kept.add(listener);
        scheduleWork(work);
    }

    @Override
    public void doWork(Work work) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void doWork(Work work, long startTimeout, ExecutionContext context, WorkListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long startWork(Work work) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long startWork(Work work, long startTimeout, ExecutionContext context, WorkListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public WorkManager getWorkManager() {
        return this;
    }

    @Override
    public XATerminator getXATerminator() {
        return null;
    }

    @Override
    public Timer createTimer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isContextSupported(Class<? extends WorkContext> type) {
        return false;
    }

    @Override
    public TransactionSynchronizationRegistry getTransactionSynchronizationRegistry() {
        return null;
    }

    void close() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new AssertionError("a work does not end");
        }
    }
}
