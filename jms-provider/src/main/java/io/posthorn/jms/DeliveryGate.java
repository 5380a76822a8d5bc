package io.posthorn.jms;

import io.posthorn.message.EncodedMessage;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the consumers of one session share: two locks, and whether messages may flow.
 *
 * <p>{@link #lock} guards the buffers and flags. The I/O thread takes it once a batch; nobody calls the provider or the application
 * while holding it. {@link #turn} is held by whoever takes messages out of buffers or moves credit: the delivery thread during
 * a burst of listener calls, a thread in receive() while it is not waiting, a thread that stops, recovers, rolls back or closes. So a
 * session delivers one message at a time (Jakarta Messaging 3.1, 6.2.13), and whoever holds the turn knows that no listener runs.
 * Order: turn before lock.
 */
final class DeliveryGate {

    final ReentrantLock lock = new ReentrantLock();
    // Fair, so that a stop or rollback gets in between two bursts of a busy listener.
    final ReentrantLock turn = new ReentrantLock(true);
    private final Condition work = lock.newCondition();
    private final Condition runs = lock.newCondition();
    private final ArrayDeque<ConsumerBuffer> ready = new ArrayDeque<>();
    private boolean dispatcherWaits;
    private boolean ended;
    private boolean running;
    private BranchGroups branchGroups;

    /** Whether messages may be given to the application. Under {@link #lock}. */
    boolean running() {
        return running;
    }

    /** Under {@link #lock}; the caller wakes the consumers. */
    void running(boolean value) {
        running = value && !ended;
        runs.signalAll();
    }

    /** XA sessions: the session begins to work in a branch, or, with null, ends that. Returns what was set before. */
    BranchGroups branchGroups(BranchGroups next) {
        lock.lock();
        try {
            BranchGroups before = branchGroups;
            branchGroups = next;
            return before;
        } finally {
            lock.unlock();
        }
    }

    /** A message of a consumer goes to the application. Under {@link #lock}. */
    void took(ConsumerBuffer from, EncodedMessage message) {
        if (branchGroups != null) {
            branchGroups.took(from, message);
        }
    }

    /** Queues a consumer for the delivery thread. Under {@link #lock}. */
    void enqueue(ConsumerBuffer consumer) {
        ready.add(consumer);
        if (dispatcherWaits) {
            dispatcherWaits = false;
            work.signal();
        }
    }

    /** Ends the delivery thread as soon as it asks for work. Under {@link #lock}. */
    void end() {
        ended = true;
        running = false;
        work.signal();
        runs.signalAll();
    }

    /** The next consumer with work, waiting for one; null when the session ends. The delivery thread calls it. */
    ConsumerBuffer nextReady() {
        lock.lock();
        try {
            while (!ended) {
                ConsumerBuffer next = running ? ready.poll() : null;
                if (next != null) {
                    next.dequeued();
                    return next;
                }
                dispatcherWaits = true;
                work.awaitUninterruptibly();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits while messages may not be given to the application; false when the session has ended. */
    boolean awaitRunning() {
        lock.lock();
        try {
            while (!running && !ended) {
                runs.awaitUninterruptibly();
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the delivery thread look again. Under {@link #lock}. */
    void nudge() {
        if (dispatcherWaits) {
            dispatcherWaits = false;
            work.signal();
        }
    }
}
