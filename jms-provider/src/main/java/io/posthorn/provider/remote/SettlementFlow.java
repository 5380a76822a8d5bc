package io.posthorn.provider.remote;

import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.HandOverRequest;
import io.posthorn.protocol.api.ProgressRequest;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.Settle;
import io.posthorn.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The hand-over marks and acknowledgements of one connection, outside transactions. Application threads add, and write what
 * cannot wait; the event loop writes the rest.
 *
 * <p>At once: before a message is handed over, its mark and the acceptance of the one before it are with the operating system, in one
 * command without an answer ({@link #accept}). When the process is killed, the broker still hears of all but the last.
 *
 * <p>Gathering: acknowledgements that nobody waits for, those that confirm what was accepted at once among them, and marks of consumers that
 * end with the connection stay here for at most {@link FlushTimer#GATHER_MS} or until {@link #GATHER_DELIVERIES_MAX} deliveries are acknowledged,
 * then leave together: a listener in full swing costs one answered request for a burst of messages. Acknowledgements go before the marks,
 * since they imply the marks of what they settle. Whatever depends on them (a commit, a close, a drain, new credit) calls {@link #flush}
 * first.
 */
final class SettlementFlow {

    /** How many acknowledged deliveries end the wait. */
    static final int GATHER_DELIVERIES_MAX = 128;

    /** Unconfirmed requests at which application threads wait for the broker. */
    static final int UNCONFIRMED_MAX = 256;

    private final Loop loop;
    private final Consumer<ProviderException> problems;
    private final FlushTimer timer;

    // Guarded by this.
    private final Deque<PendingSettlement> unconfirmed = new ArrayDeque<>();
    private final List<RemoteConsumer> marked = new ArrayList<>();
    private PendingSettlement gathering;
    /** Whose last acceptance is gathered but not with the operating system yet, and which deliveries; null for none. */
    private RemoteConsumer owing;

    private long owedFrom;
    private long owedTo;
    private int waiting;
    private BrokerLink link;
    private ProviderException failure;
    private CompletableFuture<Void> drained;

    /** @param problems told on the event loop about final failures that no call reports */
    SettlementFlow(Loop loop, Clock clock, Consumer<ProviderException> problems) {
        this.loop = loop;
        this.problems = problems;
        this.timer = new FlushTimer(loop, clock, this::flushIfDue);
    }

    /** Returns when the mark is with the operating system, or gathered if it is not urgent. */
    void handOver(RemoteConsumer consumer, long deliveryIdTo) {
        BrokerLink behind = null;
        synchronized (this) {
            // Without a link there is nothing to mark: the broker counts what was on its way when the link broke.
            if (link == null) {
                return;
            }
            if (consumer.outlivesConnection()) {
                behind = owing == consumer ? progressOwed(deliveryIdTo) : markAlone(consumer, deliveryIdTo);
            } else {
                payOwed();
                if (consumer.raiseMark(deliveryIdTo)) {
                    marked.add(consumer);
                    timer.want();
                }
            }
        }
        awaitWritten(behind);
    }

    /** As {@link #handOver}, for a consumer of the urgent kind, with what the application is done with. Waits as {@link #acknowledge}. */
    void accept(RemoteConsumer consumer, long from, long to, long handOverTo) {
        BrokerLink behind = null;
        synchronized (this) {
            awaitRoom();
            if (failure != null) {
                return;
            }
            payOwed();
            gathering().add(consumer, from, to);
            flushIfFull();
            behind = progress(consumer, from, to, handOverTo);
        }
        awaitWritten(behind);
    }

    /**
     * As {@link #accept}, when nothing is handed over for now. It leaves with the next message's mark, in one command, or with what is gathered:
     * as long as nothing more is handed over these are still the last ones, about which there may be doubt.
     */
    void acceptLast(RemoteConsumer consumer, long from, long to) {
        synchronized (this) {
            awaitRoom();
            if (failure != null) {
                return;
            }
            payOwed();
            gathering().add(consumer, from, to);
            owing = consumer;
            owedFrom = from;
            owedTo = to;
            flushIfFull();
        }
    }

    /** Another message is handed over next: what is owed has to be on its way before. */
    private void payOwed() {
        if (owing != null) {
            gathering.atOnce();
            flush();
        }
    }

    private BrokerLink progressOwed(long handOverTo) {
        RemoteConsumer consumer = owing;
        owing = null;
        return progress(consumer, owedFrom, owedTo, handOverTo);
    }

    private BrokerLink markAlone(RemoteConsumer consumer, long deliveryIdTo) {
        payOwed();
        return mark(consumer, deliveryIdTo);
    }

    /** @return the link on which it is not written yet, else null */
    private BrokerLink progress(RemoteConsumer consumer, long from, long to, long handOverTo) {
        if (link == null) {
            return null;
        }
        ProgressRequest progress = consumer.ledger().progress(consumer.consumerId(), from, to, handOverTo);
        if (progress == null) {
            return mark(consumer, handOverTo);
        }
        return link.oneWayNow(RequestCode.PROGRESS, 32, progress::encode) ? null : link;
    }

    /** @return the link on which the mark is not written yet, else null */
    private BrokerLink mark(RemoteConsumer consumer, long deliveryIdTo) {
        long wire = consumer.ledger().mark(deliveryIdTo);
        if (wire == 0) {
            return null;
        }
        HandOverRequest request = new HandOverRequest(consumer.consumerId(), wire);
        return link.oneWayNow(RequestCode.HAND_OVER, 16, request::encode) ? null : link;
    }

    /** Without the lock, which the event loop may need before it comes to writing. */
    private void awaitWritten(BrokerLink behind) {
        if (behind != null && !loop.isCurrentThread()) {
            behind.awaitWritten();
        }
    }

    /** Waits while too much is unconfirmed, unless on the event loop. */
    CompletableFuture<Void> acknowledge(Settle how, List<DeliverySpan> spans, boolean await) {
        CompletableFuture<Void> future = await ? new CompletableFuture<>() : null;
        synchronized (this) {
            awaitRoom();
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            if (!await && how == Settle.ACCEPT) {
                gather(spans);
            } else {
                flush();
                PendingSettlement settlement = new PendingSettlement(this, how, future);
                spans.forEach(settlement::add);
                keep(settlement);
            }
        }
        return await ? future : CompletableFuture.completedFuture(null);
    }

    /** Writes what has been gathered. */
    synchronized void flush() {
        timer.flushed();
        owing = null;
        if (gathering != null) {
            PendingSettlement full = gathering;
            gathering = null;
            keep(full);
        }
        for (int i = 0; i < marked.size(); i++) {
            RemoteConsumer consumer = marked.get(i);
            long markTo = consumer.takeMark();
            long wire = link == null ? 0 : consumer.ledger().mark(markTo);
            if (wire > 0) {
                link.oneWay(RequestCode.HAND_OVER, 16, new HandOverRequest(consumer.consumerId(), wire)::encode);
            }
        }
        marked.clear();
    }

    /** The link is lost: marks are void, acknowledgements wait for the next one. */
    synchronized void detach() {
        link = null;
        flush();
    }

    /** A new link, on which the consumers are open: repeats what is unconfirmed. */
    synchronized void attach(BrokerLink next) {
        for (PendingSettlement settlement : unconfirmed) {
            settlement.write(next);
        }
        link = next;
    }

    synchronized void repeat(PendingSettlement settlement) {
        if (link != null && unconfirmed.contains(settlement)) {
            settlement.write(link);
        }
    }

    /** @param problem what nobody else will report, or null */
    void settled(PendingSettlement settlement, ProviderException problem) {
        synchronized (this) {
            unconfirmed.remove(settlement);
            if (waiting > 0 && unconfirmed.size() <= UNCONFIRMED_MAX / 2) {
                notifyAll();
            }
            completeIfDrained();
        }
        if (problem != null && failure() == null) {
            problems.accept(problem);
        }
    }

    /** Everything fails from now on. */
    void fail(ProviderException reason) {
        List<PendingSettlement> failing;
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = reason;
            notifyAll();
            flush();
            failing = new ArrayList<>(unconfirmed);
        }
        failing.forEach(settlement -> settlement.done(reason, null));
    }

    /** Completes when everything is confirmed, at the latest when everything fails. */
    synchronized CompletableFuture<Void> drained() {
        flush();
        if (drained == null) {
            drained = new CompletableFuture<>();
        }
        completeIfDrained();
        return drained;
    }

    private synchronized ProviderException failure() {
        return failure;
    }

    private void gather(List<DeliverySpan> spans) {
        PendingSettlement into = gathering();
        for (int i = 0; i < spans.size(); i++) {
            into.add(spans.get(i));
        }
        flushIfFull();
    }

    private PendingSettlement gathering() {
        if (gathering == null) {
            gathering = new PendingSettlement(this, Settle.ACCEPT, null);
            timer.want();
        }
        return gathering;
    }

    private void flushIfFull() {
        if (gathering.deliveries() >= GATHER_DELIVERIES_MAX) {
            flush();
        }
    }

    private void keep(PendingSettlement settlement) {
        unconfirmed.addLast(settlement);
        if (link != null) {
            settlement.write(link);
        }
    }

    /** Frames have come in. Event loop. */
    void endOfBatch() {
        if (timer.isNearlyDue()) {
            flushIfDue();
        }
    }

    private synchronized void flushIfDue() {
        if (timer.looked()) {
            flush();
        }
    }

    private void completeIfDrained() {
        if (drained != null && unconfirmed.isEmpty()) {
            drained.complete(null);
        }
    }

    private void awaitRoom() {
        if (unconfirmed.size() < UNCONFIRMED_MAX || loop.isCurrentThread()) {
            return;
        }
        boolean interrupted = false;
        waiting++;
        // Settling must not be given up half-way: the interrupt is passed on afterwards.
        while (failure == null && unconfirmed.size() > UNCONFIRMED_MAX / 2) {
            try {
                wait();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        waiting--;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
