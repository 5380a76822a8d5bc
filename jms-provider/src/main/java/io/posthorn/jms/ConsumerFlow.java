package io.posthorn.jms;

import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.Provider;
import java.util.concurrent.CompletableFuture;

/**
 * The credit of one consumer: what the broker may still deliver, granting it and taking it back. Separate from the {@link
 * ConsumerBuffer}, its owner, which knows the messages.
 *
 * <p>Its state is guarded by the session's {@link DeliveryGate#lock}; "lock" marks methods that are called with it. "Turn" marks those
 * that call the provider: by the holder of the turn, without the lock. While a drain is unanswered no credit is granted, since the
 * answer would take it back.
 */
final class ConsumerFlow {

    private final DeliveryGate gate;
    private final Provider provider;
    private final int windowMax;
    private final int windowMaxBytes;

    // Under gate.lock.
    private ConsumerHandle handle;
    private long lastDelivered;
    private long granted;
    private long taken;
    private boolean cautious;
    private int drains;
    private boolean interrupted;
    private boolean ended;
    private CompletableFuture<Void> stopping;

    // With the turn.
    private long creditDue;

    ConsumerFlow(DeliveryGate gate, Provider provider, ConnectionSettings settings) {
        this.gate = gate;
        this.provider = provider;
        this.windowMax = settings.windowSize();
        this.windowMaxBytes = settings.windowBytes();
    }

    /** The consumer is open at the broker; once, before anything else. Lock. */
    void opened(ConsumerHandle opened) {
        handle = opened;
    }

    /** Null until it is open. */
    ConsumerHandle handle() {
        return handle;
    }

    // ---- what happens: with the lock

    /** Deliveries up to this id have come. Lock. */
    void arrived(long deliveryId) {
        lastDelivered = deliveryId;
    }

    /** The application has taken a message by receive(). Lock. */
    void took() {
        taken++;
    }

    /** A listener gets a message. Lock. */
    void tookForListener() {
        if (cautious) {
            taken++;
        }
    }

    /** The application has paused, or its messages were given back: the window of receive() starts again. Lock. */
    void paused() {
        taken = 0;
    }

    /** Messages of groups went back because a branch has ended: from now on less is fetched ahead of a listener, too. Lock. */
    void gaveBackGroups() {
        taken = 0;
        cautious = true;
    }

    /** The connection is lost, and all credit with it. Lock. */
    void interrupt() {
        interrupted = true;
        granted = 0;
        endStopping();
    }

    /** The consumer is open again. Lock. */
    void resumed() {
        interrupted = false;
    }

    /** No further delivery is wanted. Lock. */
    void end() {
        ended = true;
        endStopping();
    }

    boolean interrupted() {
        return interrupted;
    }

    /** Whether a drain is unanswered. Lock. */
    boolean draining() {
        return drains > 0;
    }

    /** Whether somebody who waits for a message has to ask for it first. Lock. */
    boolean mustAsk() {
        return drains == 0 && granted <= lastDelivered;
    }

    /** Plans a message, or as many as it has earned, for an application that waits in receive(). Lock. */
    void planForWaiting() {
        if (granted <= lastDelivered) {
            plan(CreditWindow.forReceiver(taken, windowMax), lastDelivered);
        }
    }

    /** Plans ahead for an application that goes on taking messages by receive(), once it has earned that. Lock. */
    void planForReceiver(long consumed) {
        int window = CreditWindow.forReceiver(taken, windowMax);
        if (window > 1) {
            plan(window, consumed);
        }
    }

    /** Plans the window of a listener: a full one at once, unless much of it would only go back and forth. Lock. */
    void planForListener(long consumed) {
        plan(cautious ? CreditWindow.forReceiver(taken, windowMax) : windowMax, consumed);
    }

    /** Highest id that has come. Lock. */
    long lastDelivered() {
        return lastDelivered;
    }

    private void plan(int window, long consumed) {
        if (!isLive() || drains > 0 || !gate.running()) {
            return;
        }
        long limit = CreditWindow.limit(consumed, granted, window);
        if (limit > granted) {
            granted = limit;
            creditDue = limit;
        }
    }

    private boolean isLive() {
        return !ended && !interrupted && handle != null;
    }

    // ---- what is done about it: with the turn

    /** Tells the provider what was planned. Turn. */
    void grant() {
        long limit = creditDue;
        if (limit != 0) {
            creditDue = 0;
            provider.credit(handle, limit, windowMaxBytes);
        }
    }

    /**
     * Has the broker send whatever is there, a window at most, and take the credit back. Turn.
     *
     * @param arrived run on the I/O thread when all of it is here
     * @param answered run after that, or after a failure
     * @return completes after {@code arrived}; null when an earlier drain is still unanswered
     */
    CompletableFuture<Boolean> drain(Runnable arrived, Runnable answered) {
        long limit;
        gate.lock.lock();
        try {
            if (!isLive() || !gate.running()) {
                return CompletableFuture.completedFuture(false);
            }
            if (drains > 0) {
                return null;
            }
            limit = Math.max(granted, lastDelivered + CreditWindow.forReceiver(taken, windowMax));
            takeBack();
        } finally {
            gate.lock.unlock();
        }
        return drainTo(limit, arrived, answered);
    }

    /** Takes all credit back; complete when nothing more can come, or the connection was lost. Turn; runnables as for drain. */
    CompletableFuture<Void> stop(Runnable arrived, Runnable answered) {
        CompletableFuture<Void> stop;
        long last;
        gate.lock.lock();
        try {
            if (!isLive() || mustAsk()) {
                return CompletableFuture.completedFuture(null);
            }
            stop = new CompletableFuture<>();
            stopping = stop;
            last = lastDelivered;
            takeBack();
        } finally {
            gate.lock.unlock();
        }
        drainTo(last, arrived, answered).whenComplete((end, failed) -> stop.complete(null));
        return stop;
    }

    private void takeBack() {
        granted = 0;
        creditDue = 0;
        drains++;
    }

    private CompletableFuture<Boolean> drainTo(long limit, Runnable arrived, Runnable answered) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        provider.drain(handle, limit).whenComplete((end, failed) -> {
            if (failed == null) {
                arrived.run();
                answer.complete(end);
            } else {
                answer.completeExceptionally(failed);
            }
            gate.lock.lock();
            try {
                drains--;
            } finally {
                gate.lock.unlock();
            }
            answered.run();
        });
        return answer;
    }

    private void endStopping() {
        if (stopping != null) {
            stopping.complete(null);
            stopping = null;
        }
    }
}
