package io.posthorn.net;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Commands waiting to be written: a linked queue with many producers, who never wait for each other, and one consumer
 * at a time. Commands of one thread come out in the order they went in.
 */
final class OutgoingQueue {

    private final AtomicReference<Outgoing> tail;
    private final AtomicLong bytes = new AtomicLong();

    /** The node polled last, kept as the link to the next one. */
    private Outgoing head;

    OutgoingQueue() {
        head = Outgoing.stub();
        tail = new AtomicReference<>(head);
    }

    /** Any thread. */
    void add(Outgoing command) {
        bytes.addAndGet(command.sizeBytes);
        tail.getAndSet(command).next = command;
    }

    /**
     * The consumer. Null when empty, and also when a producer is between its two steps in {@link #add}; that producer asks
     * for another drain afterwards.
     */
    Outgoing poll() {
        Outgoing command = head.next;
        if (command != null) {
            // Cut, or a request that waits long for its answer would keep all later ones alive.
            head.next = null;
            head = command;
        }
        return command;
    }

    /** The consumer: whether everything that was added has been polled. */
    boolean isEmpty() {
        return tail.get() == head;
    }

    /** The consumer has dealt with commands of so many bytes. @return the bytes before that */
    long written(long count) {
        return bytes.getAndAdd(-count);
    }

    /** Any thread: bytes added and not yet written. */
    long bytes() {
        return bytes.get();
    }
}
