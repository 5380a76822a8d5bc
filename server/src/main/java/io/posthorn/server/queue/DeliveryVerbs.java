package io.posthorn.server.queue;

import io.posthorn.server.store.JournalRecord;
import java.util.ArrayList;
import java.util.List;

/** What happens to deliveries: handed over, accepted, given back, rejected. */
final class DeliveryVerbs {

    private final HeartState state;
    private final FanOut fanOut;
    private final DeadLetters deadLetters;

    DeliveryVerbs(HeartState state, FanOut fanOut, DeadLetters deadLetters) {
        this.state = state;
        this.fanOut = fanOut;
        this.deadLetters = deadLetters;
    }

    Outcome<Void> handOver(ClientState client, int consumerId, long deliveryIdTo) {
        return progress(client, consumerId, null, deliveryIdTo);
    }

    /** The consumer is not retired: the acknowledgement of the same deliveries, which follows, still looks for it. */
    Outcome<Void> progress(ClientState client, Span accepted, long deliveryIdTo) {
        return progress(client, accepted.consumerId(), accepted, deliveryIdTo);
    }

    private Outcome<Void> progress(ClientState client, int consumerId, Span acceptedOrNull, long deliveryIdTo) {
        ConsumerState consumer = client.consumers.get(consumerId);
        if (consumer == null || !client.isOpen()) {
            return Outcome.done();
        }
        Ledger ledger = new Ledger();
        if (acceptedOrNull != null) {
            settle(consumer, Settling.ACCEPT, acceptedOrNull, ledger, null, 0);
        }
        mark(consumer, deliveryIdTo, ledger);
        ledger.finish(new ArrayList<>(1));
        return ledger.outcome(null);
    }

    Outcome<Void> acknowledge(ClientState client, Settling how, List<Span> spans, long now) {
        if (!client.isOpen()) {
            return Outcome.refused(RefusalKind.DELIVERY_LOST, client + " is closed");
        }
        Ledger ledger = new Ledger();
        List<JournalRecord> records = new ArrayList<>(1);
        int lost = 0;
        boolean settledBefore = false;
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            ConsumerState consumer = client.consumers.get(span.consumerId());
            if (consumer == null || isLost(consumer, span)) {
                lost++;
            }
            if (consumer != null) {
                settledBefore |= settle(consumer, how, span, ledger, records, now) <= span.to() - span.from();
                retire(consumer);
            }
        }
        ledger.finish(records);
        if (lost == 0) {
            Outcome<Void> outcome = ledger.outcome(null);
            // Who gets the answer forgets them, so what has settled them earlier has to be durable.
            return settledBefore && outcome.entries().isEmpty() ? Outcome.repeated() : outcome;
        }
        return ledger.refused(
                RefusalKind.DELIVERY_LOST,
                lost + " of " + spans.size() + " acknowledged ranges hold deliveries" + " that " + client
                        + " no longer has");
    }

    /** Marks deliveries as handed to the application, up to an id. */
    void mark(ConsumerState consumer, long to, Ledger ledger) {
        long last = Math.min(to, consumer.inFlight.last());
        for (long id = Math.max(consumer.handedTo + 1, consumer.inFlight.first()); id <= last; id++) {
            Delivery delivery = consumer.inFlight.get(id);
            if (delivery != null && !delivery.handedOver) {
                consumer.unhandedBytes -= delivery.bytes;
                consumer.pace.begun();
                markHandedOver(delivery, ledger);
            }
        }
        if (last > consumer.handedTo) {
            consumer.handedTo = last;
            state.dirty.mark(consumer.subscription);
        }
    }

    /** Counts a delivery as handed over unless that was done. */
    static void countOnce(Delivery delivery, Ledger ledger) {
        if (!delivery.handedOver) {
            markHandedOver(delivery, ledger);
        }
    }

    private static void markHandedOver(Delivery delivery, Ledger ledger) {
        delivery.handedOver = true;
        if (!delivery.isJournalled()) {
            delivery.inMemory.count++;
        } else if (delivery.level.pending.get(delivery.offset)) {
            ledger.handOver(delivery.level, delivery.offset);
        }
    }

    /** Whether every delivery of a span is in flight to its consumer. */
    boolean isInFlight(ClientState client, Span span) {
        ConsumerState consumer = client.consumers.get(span.consumerId());
        if (consumer == null || span.from() < consumer.inFlight.first() || span.to() > consumer.inFlight.last()) {
            return false;
        }
        for (long id = span.from(); id <= span.to(); id++) {
            if (consumer.inFlight.get(id) == null) {
                return false;
            }
        }
        return true;
    }

    /** Consumes all of a span that is still in flight. */
    void accept(ClientState client, Span span, Ledger ledger) {
        ConsumerState consumer = client.consumers.get(span.consumerId());
        settle(consumer, Settling.ACCEPT, span, ledger, null, 0);
        retire(consumer);
    }

    /** Takes all of a span out of its consumer, for a branch that is decided about later; until then nobody gets more of its groups. */
    void hold(ClientState client, Span span, List<Delivery> into) {
        ConsumerState consumer = client.consumers.get(span.consumerId());
        for (long id = span.from(); id <= span.to(); id++) {
            Delivery delivery = consumer.inFlight.remove(id);
            delivery.level.hold(delivery);
            consumer.left(delivery);
            delivery.level.subscription.held++;
            into.add(delivery);
        }
        state.dirty.mark(consumer.subscription);
        retire(consumer);
    }

    /** Gives back all of a span that is still in flight; unknown ones are left out. */
    void release(ClientState client, Span span, Ledger ledger, List<JournalRecord> records, long now) {
        ConsumerState consumer = client.consumers.get(span.consumerId());
        if (consumer != null) {
            settle(consumer, Settling.RELEASE, span, ledger, records, now);
            retire(consumer);
        }
    }

    /** Gives back one delivery, already taken out of its consumer, to its place. */
    void giveBack(Delivery delivery, List<JournalRecord> records, long now) {
        Level level = delivery.level;
        if (delivery.handedOver && state.patience.isCalledFor(now)) {
            state.patience.excuse(delivery, now);
        }
        if (!delivery.isJournalled()) {
            if (level.subscription.dead) {
                state.memory.free(delivery.inMemory);
            } else {
                fanOut.giveBack(delivery);
            }
            return;
        }
        if (level.subscription.dead || !level.pending.get(delivery.offset)) {
            return;
        }
        long delay = !delivery.handedOver
                ? 0
                : level.subscription.destination.settings().redeliveryDelayMs(level.counts.count(delivery.offset));
        if (delay > 0) {
            if (delivery.group != null) {
                level.subscription.groups.defer(delivery.group.id, level, delivery.offset);
            }
            records.add(new JournalRecord.Deferred(level.subscription.id, level.lane.id, delivery.offset, now + delay));
            return;
        }
        if (delivery.group != null) {
            level.giveBack(delivery);
        } else {
            level.giveBack(delivery.offset);
        }
        state.dirty.mark(level.subscription);
    }

    /** Gives back everything of a consumer, or all but what was handed over. */
    void giveBackAll(ConsumerState consumer, boolean keepHandedOver, List<JournalRecord> records, long now) {
        long last = consumer.inFlight.last();
        for (long id = consumer.inFlight.first(); id <= last; id++) {
            Delivery delivery = consumer.inFlight.get(id);
            if (delivery != null && !(keepHandedOver && delivery.handedOver)) {
                consumer.inFlight.remove(id);
                consumer.left(delivery);
                giveBack(delivery, records, now);
            }
        }
    }

    /**
     * Gives back everything of a consumer whose client never came back, and was not heard out: nobody knows what the application saw, so each counts as
     * handed over; a non-persistent message that was handed over may not be seen twice and is dropped.
     */
    void giveBackLost(ConsumerState consumer, Ledger ledger, List<JournalRecord> records, long now) {
        long last = consumer.inFlight.last();
        for (long id = consumer.inFlight.first(); id <= last; id++) {
            Delivery delivery = consumer.inFlight.remove(id);
            if (delivery == null) {
                continue;
            }
            consumer.left(delivery);
            if (!dropped(delivery)) {
                if (!delivery.handedOver) {
                    markHandedOver(delivery, ledger);
                }
                giveBack(delivery, records, now);
            }
        }
    }

    /**
     * Gives back what a client that did come back did not claim, or one that was heard out has left: it has not seen what is not
     * marked.
     */
    void giveBackUnclaimed(ConsumerState consumer, List<JournalRecord> records, long now) {
        long last = consumer.inFlight.last();
        for (long id = consumer.inFlight.first(); id <= last; id++) {
            Delivery delivery = consumer.inFlight.remove(id);
            if (delivery != null) {
                consumer.left(delivery);
                if (!dropped(delivery)) {
                    giveBack(delivery, records, now);
                }
            }
        }
    }

    /** A closed consumer is forgotten with its last delivery. */
    void retire(ConsumerState consumer) {
        if (consumer.closed && consumer.inFlight.count() == 0) {
            consumer.client().consumers.remove(consumer.consumerId(), consumer);
        }
    }

    private boolean dropped(Delivery delivery) {
        if (delivery.isJournalled() || !delivery.handedOver || delivery.inMemory.body.persistent()) {
            return false;
        }
        state.memory.free(delivery.inMemory);
        return true;
    }

    /** @return how many were there to be settled */
    private long settle(
            ConsumerState consumer, Settling how, Span span, Ledger ledger, List<JournalRecord> records, long now) {
        long found = 0;
        long to = Math.min(span.to(), consumer.inFlight.last());
        for (long id = Math.max(span.from(), consumer.inFlight.first()); id <= to; id++) {
            Delivery delivery = consumer.inFlight.remove(id);
            if (delivery == null) {
                continue;
            }
            found++;
            consumer.left(delivery);
            // It made room for another: in the window, or below the limit of what may be unsettled.
            if (!delivery.handedOver || consumer.inFlight.count() == consumer.unsettledMax - 1) {
                state.dirty.mark(consumer.subscription);
            }
            switch (how) {
                case ACCEPT -> {
                    if (!delivery.handedOver) {
                        consumer.pace.begun();
                    }
                    accept(delivery, ledger);
                }
                case RELEASE -> giveBack(delivery, records, now);
                default -> reject(delivery, ledger, records, now);
            }
        }
        return found;
    }

    private void accept(Delivery delivery, Ledger ledger) {
        if (!delivery.isJournalled()) {
            state.memory.free(delivery.inMemory);
        } else if (delivery.level.pending.get(delivery.offset)) {
            ledger.settle(delivery.level, delivery.offset);
        }
    }

    private void reject(Delivery delivery, Ledger ledger, List<JournalRecord> records, long now) {
        if (!delivery.handedOver) {
            markHandedOver(delivery, ledger);
        }
        if (!deadLetters.reject(delivery, ledger, now)) {
            giveBack(delivery, records, now);
        }
    }

    private static boolean isLost(ConsumerState consumer, Span span) {
        if (span.to() > consumer.inFlight.last()) {
            return true;
        }
        Long refused = consumer.refused == null ? null : consumer.refused.ceiling(span.from());
        return refused != null && refused <= span.to();
    }
}
