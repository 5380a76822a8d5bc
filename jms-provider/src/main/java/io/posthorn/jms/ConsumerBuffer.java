package io.posthorn.jms;

import io.posthorn.message.DestinationName;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import jakarta.jms.MessageListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;

/**
 * Messages of one consumer between the wire and the application, and the credit that lets them come.
 *
 * <p>The I/O thread fills it through {@link DeliveryListener}. Methods marked "turn" are called by the holder of {@link
 * DeliveryGate#turn}: only that one takes messages out and moves credit. The lock is never held during a call of the provider.
 * After a lost connection unread messages are forgotten (the broker still has them) and credit is granted anew.
 */
final class ConsumerBuffer implements DeliveryListener {

    private final DestinationName source;
    private final DeliveryGate gate;
    private final Provider provider;
    private final int windowMax;
    private final int windowMaxBytes;
    private final Consumer<ProviderException> onClosed;
    private final Condition changed;

    // The I/O thread's own: what has come since the last end of a batch.
    private final ArrayList<Delivered> arriving = new ArrayList<>();

    // All below: under gate.lock.
    private final ArrayDeque<Delivered> unread = new ArrayDeque<>();
    private final SpanList held = new SpanList();
    private ConsumerHandle handle;
    private MessageListener listener;
    private long lastDelivered;
    private long handedOver;
    private long granted;
    private long taken;
    private int receivers;
    private boolean askedSinceTick;
    private boolean queued;
    private boolean inListener;
    private boolean interrupted;
    private boolean ended;
    private boolean closedByBroker;
    private ProviderException failure;
    private CompletableFuture<Void> flowStop;
    // Drains without an answer. No credit is granted meanwhile: the answer would take it back.
    private int drains;

    // Written and read with the turn only.
    private long creditDue;
    private MessageListener current;

    /** @param onClosed told, on an I/O thread, when the broker has ended a consumer with a listener */
    ConsumerBuffer(
            DestinationName source,
            DeliveryGate gate,
            Provider provider,
            ConnectionSettings settings,
            Consumer<ProviderException> onClosed) {
        this.source = source;
        this.gate = gate;
        this.provider = provider;
        this.windowMax = settings.windowSize();
        this.windowMaxBytes = settings.windowBytes();
        this.onClosed = onClosed;
        this.changed = gate.lock.newCondition();
    }

    /** Once, before any credit. */
    void opened(ConsumerHandle opened) {
        gate.lock.lock();
        try {
            handle = opened;
        } finally {
            gate.lock.unlock();
        }
    }

    ConsumerHandle handle() {
        return handle;
    }

    /** Whether both read messages that the other could get, by receive(). */
    boolean competesWith(ConsumerBuffer other) {
        return source.equals(other.source) && listener() == null;
    }

    /** Deliveries the application has and the session has not settled. Under the lock. */
    SpanList held() {
        return held;
    }

    // ---- the I/O thread

    @Override
    public void delivered(Delivered delivered) {
        arriving.add(delivered);
    }

    @Override
    public void endOfBatch() {
        int count = arriving.size();
        if (count == 0) {
            return;
        }
        gate.lock.lock();
        try {
            lastDelivered = arriving.get(count - 1).deliveryId();
            if (!ended) {
                for (int i = 0; i < count; i++) {
                    unread.add(arriving.get(i));
                }
                wake();
            }
        } finally {
            gate.lock.unlock();
        }
        arriving.clear();
    }

    @Override
    public long interrupted() {
        gate.lock.lock();
        try {
            if (!arriving.isEmpty()) {
                // Void, but their ids are used up.
                lastDelivered = arriving.get(arriving.size() - 1).deliveryId();
                arriving.clear();
            }
            unread.clear();
            interrupted = true;
            granted = 0;
            endFlowStop();
            return handedOver;
        } finally {
            gate.lock.unlock();
        }
    }

    @Override
    public void resumed() {
        gate.lock.lock();
        try {
            interrupted = false;
            resume();
        } finally {
            gate.lock.unlock();
        }
    }

    @Override
    public void closed(ProviderException reason) {
        boolean tell;
        gate.lock.lock();
        try {
            tell = !ended && listener != null;
            closedByBroker = true;
            if (failure == null && !ended) {
                failure = reason;
            }
            finish();
        } finally {
            gate.lock.unlock();
        }
        if (tell) {
            onClosed.accept(reason);
        }
    }

    // ---- taking messages out

    /** The next message, which counts as handed over from now on; null when there is none or delivery is stopped. Turn. */
    Delivered take() {
        gate.lock.lock();
        try {
            if (!gate.running() || ended) {
                return null;
            }
            Delivered next = unread.poll();
            if (next != null) {
                handedOver = next.deliveryId();
                taken++;
            }
            int window = CreditWindow.forReceiver(taken, windowMax);
            if (window > 1) {
                plan(window);
            }
            return next;
        } finally {
            gate.lock.unlock();
        }
    }

    /** As {@link #take()}, but leaves the message where it is. Turn. */
    Delivered peek() {
        gate.lock.lock();
        try {
            return gate.running() && !ended ? unread.peek() : null;
        } finally {
            gate.lock.unlock();
        }
    }

    /**
     * As {@link #take()}, for the delivery thread: null too when there is no listener. The consumer counts as busy with its listener, see
     * {@link #current()}, until {@link #leaveListener()}. Turn.
     */
    Delivered takeForListener() {
        gate.lock.lock();
        try {
            if (!gate.running() || ended || listener == null) {
                return null;
            }
            Delivered next = unread.poll();
            if (next != null) {
                handedOver = next.deliveryId();
                inListener = true;
                current = listener;
            }
            plan(windowMax);
            return next;
        } finally {
            gate.lock.unlock();
        }
    }

    /** Who gets the message that {@link #takeForListener()} has returned. Turn. */
    MessageListener current() {
        return current;
    }

    /** Ends a burst; queues the consumer again when there is more. Turn. */
    void leaveListener() {
        gate.lock.lock();
        try {
            inListener = false;
            if (ended) {
                changed.signalAll();
            } else if (!unread.isEmpty()) {
                wake();
            }
        } finally {
            gate.lock.unlock();
        }
    }

    /** The delivery thread has taken it from the queue. Under the lock. */
    void dequeued() {
        queued = false;
    }

    // ---- credit

    /** Asks for messages when a receiving application has none. Turn. */
    void ask() {
        gate.lock.lock();
        try {
            if (unread.isEmpty() && granted <= lastDelivered) {
                plan(CreditWindow.forReceiver(taken, windowMax));
            }
        } finally {
            gate.lock.unlock();
        }
        grant();
    }

    /** Opens the window of a listener. Turn. */
    void openWindow() {
        gate.lock.lock();
        try {
            if (listener != null) {
                plan(windowMax);
            }
        } finally {
            gate.lock.unlock();
        }
        grant();
    }

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
     * @return completes when all of it is here; null when an earlier one is still under way, which {@link #awaitChange} waits for
     */
    CompletableFuture<Boolean> drain() {
        long limit;
        gate.lock.lock();
        try {
            if (ended || interrupted || handle == null || !gate.running()) {
                return CompletableFuture.completedFuture(false);
            }
            if (drains > 0) {
                return null;
            }
            limit = Math.max(granted, lastDelivered + CreditWindow.forReceiver(taken, windowMax));
            takeCreditBack();
        } finally {
            gate.lock.unlock();
        }
        return drainTo(limit);
    }

    /** Takes all credit back; complete when nothing more can come, or the connection was lost. Turn. */
    CompletableFuture<Void> stopFlow() {
        CompletableFuture<Void> stop;
        long last;
        gate.lock.lock();
        try {
            if (ended || interrupted || handle == null || granted <= lastDelivered && drains == 0) {
                return CompletableFuture.completedFuture(null);
            }
            stop = new CompletableFuture<>();
            flowStop = stop;
            last = lastDelivered;
            takeCreditBack();
        } finally {
            gate.lock.unlock();
        }
        drainTo(last).whenComplete((end, failed) -> stop.complete(null));
        return stop;
    }

    private void takeCreditBack() {
        granted = 0;
        creditDue = 0;
        drains++;
    }

    private CompletableFuture<Boolean> drainTo(long limit) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        provider.drain(handle, limit).whenComplete((end, failed) -> {
            if (failed == null) {
                // What it brought is here, but the batch may not be at its end.
                endOfBatch();
                answer.complete(end);
            } else {
                answer.completeExceptionally(failed);
            }
            drained();
        });
        return answer;
    }

    private void drained() {
        gate.lock.lock();
        try {
            drains--;
            resume();
        } finally {
            gate.lock.unlock();
        }
    }

    /** Moves the unread messages out, as the span to give back. Turn. */
    void voidUnread(List<DeliverySpan> spans) {
        gate.lock.lock();
        try {
            if (!unread.isEmpty()) {
                spans.add(new DeliverySpan(
                        handle,
                        unread.peekFirst().deliveryId(),
                        unread.peekLast().deliveryId()));
                unread.clear();
            }
            taken = 0;
        } finally {
            gate.lock.unlock();
        }
    }

    /**
     * The idle check: what nobody has asked for since the last one is given back, and its credit withdrawn. Turn. Does not wait; what
     * was on its way is given back next time.
     */
    void giveBackIdle(List<DeliverySpan> spans) {
        long withdrawTo = -1;
        gate.lock.lock();
        try {
            boolean idle = receivers == 0 && !askedSinceTick;
            askedSinceTick = false;
            if (ended || interrupted || drains > 0 || gate.running() && (!idle || listener != null)) {
                return;
            }
            if (granted > lastDelivered) {
                withdrawTo = lastDelivered;
                granted = 0;
                creditDue = 0;
            }
        } finally {
            gate.lock.unlock();
        }
        if (withdrawTo >= 0) {
            provider.credit(handle, withdrawTo, windowMaxBytes);
        }
        voidUnread(spans);
    }

    // ---- waiting receivers

    /** A receive() begins; false, and nothing has happened, if there is a listener. */
    boolean enterReceive() {
        gate.lock.lock();
        try {
            if (listener != null) {
                return false;
            }
            receivers++;
            return true;
        } finally {
            gate.lock.unlock();
        }
    }

    /** A receive() ends. */
    void leaveReceive() {
        gate.lock.lock();
        try {
            receivers--;
            askedSinceTick = true;
            if (ended) {
                changed.signalAll();
            }
        } finally {
            gate.lock.unlock();
        }
    }

    /**
     * Waits until there is something to look at: a message that may be taken, missing credit, the end of the consumer or of the drain.
     *
     * @param leftNs at most this long
     * @param drain the drain that is under way, or null
     * @return what is left of the time
     */
    long awaitChange(long leftNs, CompletableFuture<Boolean> drain) throws InterruptedException {
        long left = leftNs;
        gate.lock.lock();
        try {
            while (left > 0 && !ended && (drain == null || !drain.isDone()) && !workForReceiver()) {
                left = changed.awaitNanos(left);
            }
            return left;
        } finally {
            gate.lock.unlock();
        }
    }

    private boolean workForReceiver() {
        if (!gate.running() || interrupted) {
            return false;
        }
        return !unread.isEmpty() || drains == 0 && granted <= lastDelivered;
    }

    /** Why the broker ended the consumer; null when it did not. */
    ProviderException failure() {
        gate.lock.lock();
        try {
            return failure;
        } finally {
            gate.lock.unlock();
        }
    }

    boolean ended() {
        gate.lock.lock();
        try {
            return ended;
        } finally {
            gate.lock.unlock();
        }
    }

    // ---- life cycle

    MessageListener listener() {
        gate.lock.lock();
        try {
            return listener;
        } finally {
            gate.lock.unlock();
        }
    }

    void listener(MessageListener value) {
        gate.lock.lock();
        try {
            listener = value;
            if (value != null && !ended) {
                wake();
            }
        } finally {
            gate.lock.unlock();
        }
    }

    /** Delivery is possible again, or anew: whoever serves this consumer looks at it. Under the lock. */
    void resume() {
        if (listener != null) {
            wake();
        }
        changed.signalAll();
    }

    /** Nothing more is given to the application; waiting receivers return. */
    void end() {
        gate.lock.lock();
        try {
            finish();
        } finally {
            gate.lock.unlock();
        }
    }

    /**
     * After {@link #end()}: waits until no receive() and, unless the caller holds the turn, no listener call of this consumer is under way.
     */
    void awaitQuiet() {
        gate.lock.lock();
        try {
            boolean own = gate.turn.isHeldByCurrentThread();
            while (receivers > 0 && !own || inListener && !own) {
                changed.awaitUninterruptibly();
            }
        } finally {
            gate.lock.unlock();
        }
    }

    /** Closes it at the broker, after {@link #awaitQuiet()}. What the session holds, or its listener has at hand, stays to be settled. */
    CompletableFuture<Void> close() {
        long to;
        boolean keep;
        gate.lock.lock();
        try {
            if (closedByBroker || handle == null) {
                return CompletableFuture.completedFuture(null);
            }
            to = handedOver;
            keep = inListener || !held.isEmpty();
        } finally {
            gate.lock.unlock();
        }
        return provider.closeConsumer(handle, to, keep);
    }

    // Under the lock.
    private void finish() {
        ended = true;
        unread.clear();
        endFlowStop();
        changed.signalAll();
    }

    private void endFlowStop() {
        if (flowStop != null) {
            flowStop.complete(null);
            flowStop = null;
        }
    }

    private void wake() {
        if (listener != null) {
            if (!queued) {
                queued = true;
                gate.enqueue(this);
            }
        } else if (receivers > 0) {
            changed.signal();
        }
    }

    private void plan(int window) {
        if (ended || interrupted || drains > 0 || handle == null || !gate.running()) {
            return;
        }
        long consumed = unread.isEmpty() ? lastDelivered : unread.peekFirst().deliveryId() - 1;
        long limit = CreditWindow.limit(consumed, granted, window);
        if (limit > granted) {
            granted = limit;
            creditDue = limit;
        }
    }
}
