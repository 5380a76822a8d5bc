package io.posthorn.provider.remote;

import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.api.ConsumerMode;
import io.posthorn.protocol.api.DeliverReferencesCommand.Reference;
import io.posthorn.protocol.api.Delivery;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.protocol.api.OpenConsumerRequest;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.ProviderException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One consumer over all its links. It keeps its number on each of them. The event loop changes the state, except that any thread
 * may begin to close it.
 *
 * <pre>
 * OPENING → OPEN → CLOSING → KEEPING → GONE      KEEPING: closed, the session still settles what was handed over
 *        ↘      ↘         ↘____________↗
 * </pre>
 */
final class RemoteConsumer implements ConsumerHandle {

    enum State {
        OPENING,
        OPEN,
        CLOSING,
        KEEPING,
        GONE
    }

    private final int consumerId;
    private final ConsumerSpec spec;
    private final DeliveryListener listener;
    private final ConsumerTable table;
    private final DeliveryLedger ledger = new DeliveryLedger();
    private volatile State state = State.OPENING;
    private volatile long closingHandedOverTo;

    // Event loop only.
    private boolean interrupted;
    private boolean inBatch;
    private long handedOverTo;
    /** Deliveries whose messages are being fetched, and those behind them, in order; null as long as there never was one. */
    private ArrayDeque<ReferredDelivery> referred;

    /** Completes when nothing is being fetched any more; null while nothing is. Event loop writes. */
    private volatile CompletableFuture<Void> fetching;

    /** Hand-over mark that waits to be written, 0 for none; guarded by the SettlementFlow. */
    private long markTo;

    RemoteConsumer(int consumerId, ConsumerSpec spec, DeliveryListener listener, ConsumerTable table) {
        this.consumerId = consumerId;
        this.spec = spec;
        this.listener = listener;
        this.table = table;
    }

    /** What a handle stands for at the only broker group it leads to. */
    static RemoteConsumer of(ConsumerHandle handle) {
        return handle instanceof RemoteConsumer remote
                ? remote
                : ((ClusterConsumer) handle).first().remote();
    }

    @Override
    public int consumerId() {
        return consumerId;
    }

    @Override
    public boolean outlivesConnection() {
        return switch (spec.kind()) {
            case TOPIC, BROWSE -> false;
            case QUEUE -> !spec.destination().kind().isTemporary();
            case DURABLE, SHARED, SHARED_DURABLE -> true;
        };
    }

    /** Whether nothing that it is shown has to be settled. */
    boolean isBrowsing() {
        return spec.kind() == ConsumerSpec.Kind.BROWSE;
    }

    DeliveryLedger ledger() {
        return ledger;
    }

    State state() {
        return state;
    }

    void opened() {
        if (state == State.OPENING) {
            state = State.OPEN;
        }
    }

    /** It was refused; the caller of openConsumer hears of it. */
    void notOpened() {
        gone();
    }

    /**
     * No more deliveries to the listener; what was handed over can still be settled. Any thread.
     *
     * @return false when there is nothing to close any more
     */
    boolean closing(long toldHandedOverTo) {
        if (state != State.OPEN) {
            return false;
        }
        closingHandedOverTo = toldHandedOverTo;
        state = State.CLOSING;
        return true;
    }

    /** The broker has closed it on our request. */
    void closed(boolean keepUnsettled) {
        voidReferred();
        ledger.settle(closingHandedOverTo + 1, Long.MAX_VALUE);
        if (keepUnsettled && !ledger.isEmpty()) {
            state = State.KEEPING;
        } else {
            gone();
        }
    }

    /** The broker has closed it by itself. What the application holds may or may not be settled; the broker will say. */
    void closedByBroker(ProviderException reason) {
        boolean told = state == State.OPEN;
        gone();
        if (told) {
            listener.closed(reason);
        }
    }

    /** The broker does not open it on the new link: what the application holds goes to others. */
    void notReopened(ProviderException reason) {
        List<Integer> all = new ArrayList<>();
        int held = ledger.restate(handedOverTo).size();
        for (int i = 0; i < held; i++) {
            all.add(i);
        }
        ledger.refused(all, List.of());
        closedByBroker(reason);
    }

    /** Raises the mark that waits to be written. @return whether none was waiting. SettlementFlow only. */
    boolean raiseMark(long deliveryIdTo) {
        boolean first = markTo == 0;
        markTo = Math.max(markTo, deliveryIdTo);
        return first;
    }

    /** Takes the mark that waits to be written. SettlementFlow only. */
    long takeMark() {
        long taken = markTo;
        markTo = 0;
        return taken;
    }

    /** Deliveries are settled for good. */
    void settled(long from, long to) {
        ledger.settle(from, to);
        if (state == State.KEEPING && ledger.isEmpty()) {
            gone();
        }
    }

    /** Passes deliveries of the present link on. */
    void deliver(List<Delivery> deliveries) {
        if (state != State.OPEN && state != State.OPENING) {
            return;
        }
        for (int i = 0; i < deliveries.size(); i++) {
            Delivery delivery = deliveries.get(i);
            long localId = ledger.delivered(delivery.deliveryId(), delivery.ref());
            if (localId < 0) {
                throw outOfOrder(delivery.deliveryId());
            }
            if (fetching != null) {
                referred.add(new ReferredDelivery(
                        localId, delivery.deliveryCount(), delivery.ref(), null, delivery.message()));
            } else {
                listener.delivered(new Delivered(localId, delivery.deliveryCount(), delivery.message()));
            }
        }
        if (!inBatch && fetching == null) {
            inBatch = true;
            table.touched(this);
        }
    }

    /** Has the messages of references fetched, which came on the present link, and passes them on when they are there, in order. */
    void refer(List<Reference> references, BodyFetch bodies, Consumer<ReferredDelivery> gone) {
        if (state != State.OPEN && state != State.OPENING) {
            return;
        }
        if (fetching == null) {
            fetching = new CompletableFuture<>();
            referred = referred == null ? new ArrayDeque<>() : referred;
        }
        List<ReferredDelivery> wanted = new ArrayList<>(references.size());
        for (Reference reference : references) {
            long localId = ledger.delivered(reference.deliveryId(), reference.ref());
            if (localId < 0) {
                throw outOfOrder(reference.deliveryId());
            }
            wanted.add(
                    new ReferredDelivery(localId, reference.deliveryCount(), reference.ref(), reference.place(), null));
        }
        referred.addAll(wanted);
        bodies.fetch(wanted, () -> fetched(gone));
    }

    private void fetched(Consumer<ReferredDelivery> gone) {
        if (state != State.OPEN && state != State.OPENING) {
            voidReferred();
            return;
        }
        boolean some = false;
        while (!referred.isEmpty() && !referred.peek().isAwaited()) {
            ReferredDelivery next = referred.poll();
            if (next.isGone()) {
                gone.accept(next);
            } else {
                listener.delivered(new Delivered(next.localId(), next.deliveryCount(), next.message()));
                some = true;
            }
        }
        if (some) {
            listener.endOfBatch();
        }
        if (referred.isEmpty()) {
            voidReferred();
        }
    }

    /** What is being fetched is not waited for any more, by nobody. */
    private void voidReferred() {
        CompletableFuture<Void> ended = fetching;
        if (ended != null) {
            referred.clear();
            fetching = null;
            ended.complete(null);
        }
    }

    /** The same value, once everything that was delivered up to now has been passed on. Any thread. */
    <T> CompletableFuture<T> afterFetches(T value) {
        CompletableFuture<Void> under = fetching;
        return under == null ? CompletableFuture.completedFuture(value) : under.thenApply(done -> value);
    }

    private ProtocolException outOfOrder(long deliveryId) {
        return new ProtocolException("consumer " + consumerId + " got delivery " + deliveryId + " out of order");
    }

    void endOfBatch() {
        inBatch = false;
        if (state == State.OPEN || state == State.OPENING) {
            listener.endOfBatch();
        }
    }

    /** The link is lost; asks the listener once per outage how far the application got. */
    void interrupt() {
        inBatch = false;
        voidReferred();
        if (interrupted || state == State.OPENING || state == State.GONE) {
            return;
        }
        interrupted = true;
        handedOverTo = state == State.OPEN ? listener.interrupted() : closingHandedOverTo;
        ledger.settle(handedOverTo + 1, Long.MAX_VALUE);
    }

    /** Whether it existed on the lost link and has to exist on the next one before anything else is repeated. */
    boolean isToReopen() {
        return state == State.OPEN || state == State.CLOSING || state == State.KEEPING && !ledger.isEmpty();
    }

    /** The request that opens it on a new link. */
    OpenConsumerRequest openRequest() {
        List<MessageRef> restated = ledger.restate(interrupted ? handedOverTo : 0);
        return new OpenConsumerRequest(
                consumerId,
                ConsumerMode.valueOf(spec.kind().name()),
                spec.destination(),
                spec.subscriptionName(),
                spec.selector(),
                spec.noLocal(),
                restated);
    }

    /** The new link works. */
    void resume() {
        boolean wasInterrupted = interrupted;
        interrupted = false;
        if (wasInterrupted && state == State.OPEN) {
            listener.resumed();
        }
    }

    /** The whole connection has ended; the listener hears of it unless it was this side that ended it. */
    void abandon(ProviderException reason) {
        boolean told = state == State.OPEN && reason.kind() != ProviderException.Kind.CLOSED;
        state = State.GONE;
        voidReferred();
        if (told) {
            listener.closed(reason);
        }
    }

    private void gone() {
        state = State.GONE;
        voidReferred();
        table.remove(this);
    }
}
