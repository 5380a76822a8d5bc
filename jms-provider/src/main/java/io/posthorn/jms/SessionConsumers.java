package io.posthorn.jms;

import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Provider;
import io.posthorn.provider.Settle;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The open consumers of a session as a whole: starting and stopping delivery, giving unread messages back. Any thread; what needs
 * the session's turn takes it.
 */
final class SessionConsumers implements ReceiveOrder {

    private final DeliveryGate gate;
    private final Provider provider;
    private final CopyOnWriteArrayList<ConsumerBuffer> open = new CopyOnWriteArrayList<>();
    private volatile Thread deliveryThread;
    // With the turn.
    private ConsumerBuffer lastRead;

    SessionConsumers(DeliveryGate gate, Provider provider) {
        this.gate = gate;
        this.provider = provider;
    }

    void add(ConsumerBuffer consumer) {
        open.add(consumer);
    }

    void remove(ConsumerBuffer consumer) {
        open.remove(consumer);
    }

    /** A moment's view. */
    List<ConsumerBuffer> all() {
        return open;
    }

    void deliveryThread(Thread thread) {
        deliveryThread = thread;
    }

    /** Whether the caller is the session's delivery thread, so inside one of its listeners. */
    boolean isDeliveryThread() {
        return Thread.currentThread() == deliveryThread;
    }

    /** Messages may flow from now on. */
    void start() {
        gate.lock.lock();
        try {
            gate.running(true);
            resumeAll();
        } finally {
            gate.lock.unlock();
        }
    }

    /** No message is given to the application from now on; does not wait. */
    void forbid() {
        gate.lock.lock();
        try {
            gate.running(false);
        } finally {
            gate.lock.unlock();
        }
    }

    /** After {@link #forbid()}: waits for the listener that runs, then gives all unread messages back. */
    void stop() {
        gate.turn.lock();
        try {
            List<DeliverySpan> back = new ArrayList<>();
            halt(back);
            release(back);
        } finally {
            gate.turn.unlock();
        }
    }

    /** Stops the flow at the broker and moves all that is unread to the list. With the turn, which the caller keeps until {@link #resume}. */
    void halt(List<DeliverySpan> unread) {
        List<CompletableFuture<Void>> stops = new ArrayList<>();
        for (ConsumerBuffer consumer : open) {
            stops.add(consumer.stopFlow());
        }
        for (CompletableFuture<Void> stop : stops) {
            stop.join();
        }
        for (ConsumerBuffer consumer : open) {
            consumer.voidUnread(unread);
        }
    }

    /**
     * Carries out the end of work in a branch that has consumed messages of groups. What is unread of the same groups goes back: the broker has it
     * wait for the decision on the branch. The flow is stopped first, so that nothing is on its way when the answer is there. With the turn.
     */
    <T> T withoutGroups(BranchGroups groups, Supplier<CompletableFuture<T>> end) throws JMSException {
        List<ConsumerBuffer> concerned = groups.consumers();
        List<CompletableFuture<Void>> stops = new ArrayList<>(concerned.size());
        for (ConsumerBuffer consumer : concerned) {
            stops.add(consumer.stopFlow());
        }
        try {
            return Waits.await(end.get());
        } finally {
            List<DeliverySpan> back = new ArrayList<>();
            for (int i = 0; i < stops.size(); i++) {
                stops.get(i).join();
                concerned.get(i).voidGroups(groups, back);
            }
            release(back);
            resume();
        }
    }

    /** Lets the consumers ask for messages again. */
    void resume() {
        gate.lock.lock();
        try {
            resumeAll();
        } finally {
            gate.lock.unlock();
        }
    }

    /** Gives a delivery back for another try, and all unread ones behind it, so that their order stays. With the turn. */
    void giveBack(DeliverySource from, DeliverySpan delivery) {
        List<DeliverySpan> back = new ArrayList<>();
        back.add(delivery);
        from.takeBack(back);
        release(back);
        resume();
    }

    /** Gives back what nobody has asked for lately. Never waits for a listener; the connection's timer calls it. */
    void idleCheck() {
        if (open.isEmpty() || !gate.turn.tryLock()) {
            return;
        }
        try {
            List<DeliverySpan> back = new ArrayList<>();
            for (ConsumerBuffer consumer : open) {
                consumer.giveBackIdle(back);
            }
            release(back);
        } finally {
            gate.turn.unlock();
        }
    }

    @Override
    public void receives(ConsumerBuffer buffer) {
        ConsumerBuffer before = lastRead;
        if (before == buffer) {
            return;
        }
        lastRead = buffer;
        if (before != null && before.competesWith(buffer)) {
            List<DeliverySpan> back = new ArrayList<>();
            before.stopFlow().join();
            before.voidUnread(back);
            release(back);
        }
    }

    /** Closes all of them at the broker; what is held stays with the session. After the last listener and receive() have ended. */
    void closeAll() {
        List<CompletableFuture<Void>> closes = new ArrayList<>();
        for (ConsumerBuffer consumer : open) {
            closes.add(consumer.close());
        }
        open.clear();
        for (CompletableFuture<Void> close : closes) {
            Waits.awaitEnd(close);
        }
    }

    private void release(List<DeliverySpan> back) {
        if (!back.isEmpty()) {
            provider.acknowledge(Settle.RELEASE, back, false);
        }
    }

    private void resumeAll() {
        for (ConsumerBuffer consumer : open) {
            consumer.resume();
        }
        gate.nudge();
    }
}
