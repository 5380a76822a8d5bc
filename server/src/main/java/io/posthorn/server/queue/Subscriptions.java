package io.posthorn.server.queue;

import io.posthorn.server.store.JournalRecord;
import java.util.ArrayList;
import java.util.List;

/** Ends of subscriptions: by unsubscribe, by other settings, with their last consumer, with their destination. */
final class Subscriptions {

    private final HeartState state;
    private final FanOut fanOut;

    Subscriptions(HeartState state, FanOut fanOut) {
        this.state = state;
        this.fanOut = fanOut;
    }

    /** Deletes a durable subscription (8.3.3, 8.3.4): refused while it has a consumer, or a session holds messages of it. */
    Outcome<Void> unsubscribe(ClientState client, String name) {
        SubscriptionKey key = new SubscriptionKey(client.clientId, name);
        SubscriptionState subscription = state.subscriptions.durable(key);
        if (subscription == null) {
            return Outcome.refused(RefusalKind.UNKNOWN_SUBSCRIPTION, "there is no durable subscription " + key.text());
        }
        if (isInUse(subscription)) {
            return Outcome.refused(
                    RefusalKind.SUBSCRIPTION_IN_USE,
                    "the durable subscription " + key.text() + " is in use: it has "
                            + subscription.consumers.size() + " open consumers and "
                            + (subscription.inFlight + subscription.held)
                            + " unsettled deliveries");
        }
        Ledger ledger = new Ledger();
        List<JournalRecord> records = new ArrayList<>(2);
        delete(subscription, ledger, records);
        ledger.entry(records);
        return ledger.outcome(null);
    }

    boolean isInUse(SubscriptionState subscription) {
        return !subscription.consumers.isEmpty()
                || subscription.inFlight > 0
                || subscription.held > 0
                || subscription.reservations > 0;
    }

    /** Writes the end of a journalled subscription: what nobody else waits for is freed, then it is deleted. */
    void delete(SubscriptionState subscription, Ledger ledger, List<JournalRecord> records) {
        for (Level level : subscription.levels) {
            if (level == null) {
                continue;
            }
            for (long offset = level.pending.next(0, Long.MAX_VALUE, null);
                    offset >= 0;
                    offset = level.pending.next(offset + 1, Long.MAX_VALUE, null)) {
                if (level.lane.waiting(offset) <= 1) {
                    ledger.settle(level, offset);
                }
            }
        }
        List<JournalRecord> freed = new ArrayList<>(1);
        ledger.finish(freed);
        records.add(new JournalRecord.SubscriptionDeleted(subscription.id));
    }

    /** A volatile subscription without consumers ends; others stay. */
    void endIfUnused(SubscriptionState subscription) {
        if (!subscription.isJournalled()
                && !subscription.dead
                && !subscription.destination.isQueue()
                && subscription.consumers.isEmpty()
                && subscription.reservations == 0) {
            kill(subscription);
        }
    }

    /** Disconnects the non-durable subscriptions that have fallen too far behind. */
    void disconnectSlow() {
        for (SubscriptionState slow : state.tooSlow) {
            if (!slow.dead) {
                kill(slow, RefusalKind.RESOURCE_EXHAUSTED, slow.slowText + ", and was disconnected");
            }
        }
        state.tooSlow.clear();
    }

    /** Takes a subscription out of everything. Deliveries that are still out settle into the void. */
    void kill(SubscriptionState subscription) {
        kill(subscription, RefusalKind.INVALID_DESTINATION, subscription.text() + " was deleted");
    }

    private void kill(SubscriptionState subscription, RefusalKind why, String text) {
        for (Level level : subscription.levels) {
            if (level != null) {
                level.settleAll();
            }
        }
        fanOut.clear(subscription);
        subscription.dead = true;
        state.subscriptions.remove(subscription);
        closeAll(subscription.consumers, why, text);
        closeAll(subscription.browsers, why, text);
    }

    private void closeAll(List<ConsumerState> consumers, RefusalKind why, String text) {
        for (ConsumerState consumer : consumers) {
            consumer.closed = true;
            consumer.endDrains(state.output, consumer.inFlight.last(), true);
            state.output.consumerClosed(consumer, why, text);
            if (consumer.inFlight.count() == 0) {
                consumer.client().consumers.remove(consumer.consumerId(), consumer);
            }
        }
        consumers.clear();
    }
}
