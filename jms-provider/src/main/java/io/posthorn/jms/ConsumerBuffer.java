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
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;

/**
 * Messages of one consumer between the wire and the application. Its {@link ConsumerFlow} lets them come.
 *
 * <p>The I/O thread fills it through {@link DeliveryListener}. Methods marked "turn" are called by the holder of {@link
 * DeliveryGate#turn}: only that one takes messages out and moves credit. The lock is never held during a call of the provider.
 * After a lost connection unread messages are forgotten (the broker still has them) and credit is granted anew.
 */
final class ConsumerBuffer implements DeliveryListener, DeliverySource {

    private final DestinationName source;
    private final DeliveryGate gate;
    private final Provider provider;
    private final ConsumerFlow flow;
    private final Consumer<ProviderException> onClosed;
    private final Condition changed;

    // What has come since the last end of a batch: the I/O thread adds, and takes all under gate.lock.
    private final ArrayList<Delivered> arriving = new ArrayList<>();

    // All below: under gate.lock; volatile ones are read without.
    private final ArrayDeque<Delivered> unread = new ArrayDeque<>();
    private final SpanList held = new SpanList();
    private volatile MessageListener listener;
    private long handedOver;
    private int receivers;
    private boolean askedSinceTick;
    private boolean queued;
    private boolean inListener;
    private Runnable arrival;
    private volatile boolean ended;
    private boolean closedByBroker;
    private volatile ProviderException failure;

    // Written and read with the turn only.
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
        this.flow = new ConsumerFlow(gate, provider, settings);
        this.onClosed = onClosed;
        this.changed = gate.lock.newCondition();
    }

    /** Once, before any credit. */
    void opened(ConsumerHandle opened) {
        gate.lock.lock();
        try {
            flow.opened(opened);
        } finally {
            gate.lock.unlock();
        }
    }

    @Override
    public ConsumerHandle handle() {
        return flow.handle();
    }

    /** Whether both read messages that the other could get, by receive(). */
    boolean competesWith(ConsumerBuffer other) {
        return source.equals(other.source) && listener() == null;
    }

    @Override
    public SpanList held() {
        return held;
    }

    /** Stops the flow for that. */
    @Override
    public void takeBack(List<DeliverySpan> spans) {
        stopFlow().join();
        voidUnread(spans);
    }

    // ---- the I/O thread

    @Override
    public void delivered(Delivered delivered) {
        arriving.add(delivered);
    }

    @Override
    public void endOfBatch() {
        if (arriving.isEmpty()) {
            return;
        }
        gate.lock.lock();
        try {
            // The answer to a drain may come first, and whoever waits for it does this.
            int count = arriving.size();
            if (count == 0) {
                return;
            }
            flow.arrived(arriving.get(count - 1).deliveryId());
            if (!ended) {
                for (int i = 0; i < count; i++) {
                    unread.add(arriving.get(i));
                }
                wake();
            }
            arriving.clear();
        } finally {
            gate.lock.unlock();
        }
    }

    @Override
    public long interrupted() {
        gate.lock.lock();
        try {
            if (!arriving.isEmpty()) {
                // Void, but their ids are used up.
                flow.arrived(arriving.get(arriving.size() - 1).deliveryId());
                arriving.clear();
            }
            unread.clear();
            flow.interrupt();
            // Who has asked the broker whether there is anything need not wait for it to be found again.
            changed.signalAll();
            return handedOver;
        } finally {
            gate.lock.unlock();
        }
    }

    @Override
    public void resumed() {
        gate.lock.lock();
        try {
            flow.resumed();
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
                flow.took();
                gate.took(this, next.message());
            }
            flow.planForReceiver(consumed());
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
                flow.tookForListener();
                gate.took(this, next.message());
                inListener = true;
                current = listener;
            }
            flow.planForListener(consumed());
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

    // ---- threads of an application server

    /**
     * From now on workers take the messages, as a delivery thread would: this is run whenever there may be work and no worker was told since the
     * last {@link #enterWorker()}. Under the lock, on any thread: it must not block or call back.
     */
    void onArrival(Runnable told, MessageListener standIn) {
        gate.lock.lock();
        try {
            arrival = told;
            listener(standIn);
        } finally {
            gate.lock.unlock();
        }
    }

    /** A worker looks at it; what comes from now on is told anew. */
    void enterWorker() {
        gate.lock.lock();
        try {
            queued = false;
        } finally {
            gate.lock.unlock();
        }
    }

    /** Moves all that is unread but the first out, as the span to give back. Turn; after {@link #stopFlow}. */
    void voidBehindFirst(List<DeliverySpan> spans) {
        gate.lock.lock();
        try {
            Delivered first = unread.poll();
            voidUnread(spans);
            if (first != null) {
                unread.add(first);
            }
        } finally {
            gate.lock.unlock();
        }
    }

    /** The worker turns away; another is told when there is more. */
    void leaveWorker() {
        gate.lock.lock();
        try {
            inListener = false;
            if (ended) {
                changed.signalAll();
            } else if (gate.running() && !unread.isEmpty()) {
                wake();
            }
        } finally {
            gate.lock.unlock();
        }
    }

    // ---- credit

    /** Asks for messages when a receiving application has none. Turn. */
    void ask() {
        gate.lock.lock();
        try {
            if (unread.isEmpty()) {
                flow.planForWaiting();
            }
        } finally {
            gate.lock.unlock();
        }
        flow.grant();
    }

    /** Opens the window of a listener. Turn. */
    void openWindow() {
        gate.lock.lock();
        try {
            if (listener != null) {
                flow.planForListener(consumed());
            }
        } finally {
            gate.lock.unlock();
        }
        flow.grant();
    }

    /** Grants what taking a message has made possible. Turn. */
    void grant() {
        flow.grant();
    }

    /**
     * Has the broker send whatever is there, a window at most, and take the credit back. Turn.
     *
     * @return completes when all of it is here; null when an earlier one is unanswered, see {@link #awaitEarlierDrain}
     */
    CompletableFuture<Boolean> drain() {
        return flow.drain(this::endOfBatch, this::answered);
    }

    /** Takes all credit back; complete when nothing more can come, or the connection was lost. Turn. */
    CompletableFuture<Void> stopFlow() {
        return flow.stop(this::endOfBatch, this::answered);
    }

    private void answered() {
        gate.lock.lock();
        try {
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
                        flow.handle(),
                        unread.peekFirst().deliveryId(),
                        unread.peekLast().deliveryId()));
                unread.clear();
            }
            flow.paused();
        } finally {
            gate.lock.unlock();
        }
    }

    /** Moves unread messages of these groups out, as spans to give back; the others stay. Turn; after {@link #stopFlow}. */
    void voidGroups(BranchGroups groups, List<DeliverySpan> spans) {
        gate.lock.lock();
        try {
            int before = spans.size();
            for (Iterator<Delivered> each = unread.iterator(); each.hasNext(); ) {
                Delivered next = each.next();
                if (groups.concerns(this, next.message())) {
                    each.remove();
                    add(next.deliveryId(), before, spans);
                }
            }
            if (spans.size() > before) {
                flow.gaveBackGroups();
            }
        } finally {
            gate.lock.unlock();
        }
    }

    /** @param mine where the spans of this consumer begin */
    private void add(long deliveryId, int mine, List<DeliverySpan> spans) {
        int last = spans.size() - 1;
        if (last >= mine && spans.get(last).to() == deliveryId - 1) {
            spans.set(last, new DeliverySpan(flow.handle(), spans.get(last).from(), deliveryId));
        } else {
            spans.add(new DeliverySpan(flow.handle(), deliveryId, deliveryId));
        }
    }

    /**
     * The idle check: the credit that nobody has asked for since the last one is taken back, and, once nothing more can be on its way, what is
     * unread goes back; were it given back before, what comes behind it would pass it. Turn. Does not wait: what is not here yet goes
     * back at the next check.
     */
    void giveBackIdle(List<DeliverySpan> spans) {
        boolean stopped;
        gate.lock.lock();
        try {
            boolean idle = receivers == 0 && !askedSinceTick;
            askedSinceTick = false;
            if (ended || flow.draining() || gate.running() && (!idle || listener != null)) {
                return;
            }
            stopped = flow.mustAsk();
        } finally {
            gate.lock.unlock();
        }
        if (stopped) {
            voidUnread(spans);
        } else {
            stopFlow();
        }
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
     * Waits until there is something to look at: a message that may be taken, missing credit, or the end of the consumer.
     *
     * @param leftNs at most this long
     * @return what is left of the time
     */
    long awaitMessage(long leftNs) throws InterruptedException {
        long left = leftNs;
        gate.lock.lock();
        try {
            while (left > 0 && !ended && !workForReceiver()) {
                left = changed.awaitNanos(left);
            }
            return left;
        } finally {
            gate.lock.unlock();
        }
    }

    private boolean workForReceiver() {
        return gate.running() && !flow.interrupted() && (!unread.isEmpty() || flow.mustAsk());
    }

    /**
     * Waits for the answer to a drain, or for the first message it brings.
     *
     * @return whether the drain is over; a lost connection and the end of the consumer end it, too
     */
    boolean awaitDrain(CompletableFuture<Boolean> drain) throws InterruptedException {
        gate.lock.lock();
        try {
            while (!drain.isDone() && unread.isEmpty() && !ended && !flow.interrupted()) {
                changed.await();
            }
            return drain.isDone() || ended || flow.interrupted();
        } finally {
            gate.lock.unlock();
        }
    }

    /** Waits until no drain is unanswered, or a message is there. */
    void awaitEarlierDrain() throws InterruptedException {
        gate.lock.lock();
        try {
            while (flow.draining() && unread.isEmpty() && !ended && !flow.interrupted()) {
                changed.await();
            }
        } finally {
            gate.lock.unlock();
        }
    }

    /** Why the broker ended the consumer; null when it did not. */
    ProviderException failure() {
        return failure;
    }

    boolean ended() {
        return ended;
    }

    // ---- life cycle

    MessageListener listener() {
        return listener;
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
        return close(false);
    }

    /** As {@link #close()}, of one whose messages are settled by several sessions: all that was taken out stays. */
    CompletableFuture<Void> closeKeeping() {
        return close(true);
    }

    private CompletableFuture<Void> close(boolean keepAll) {
        long to;
        boolean keep;
        gate.lock.lock();
        try {
            if (closedByBroker || flow.handle() == null) {
                return CompletableFuture.completedFuture(null);
            }
            to = handedOver;
            keep = keepAll || inListener || !held.isEmpty();
        } finally {
            gate.lock.unlock();
        }
        return provider.closeConsumer(flow.handle(), to, keep);
    }

    // Under the lock.
    private void finish() {
        ended = true;
        unread.clear();
        flow.end();
        changed.signalAll();
    }

    private void wake() {
        if (listener != null) {
            if (!queued) {
                queued = true;
                if (arrival != null) {
                    arrival.run();
                } else {
                    gate.enqueue(this);
                }
            }
        } else if (receivers > 0) {
            changed.signal();
        }
    }

    /** Highest id that is no longer in the buffer. */
    private long consumed() {
        return unread.isEmpty() ? flow.lastDelivered() : unread.peekFirst().deliveryId() - 1;
    }
}
