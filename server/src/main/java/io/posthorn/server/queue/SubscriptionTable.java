package io.posthorn.server.queue;

import io.posthorn.server.store.JournalRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Subscriptions by id and by key. Durable ones, shared or not, have one key space; shared non-durable ones have another
 * (Jakarta Messaging 3.1, 8.3). See {@link DestinationTable} for what planning means.
 */
final class SubscriptionTable {

    private final LongMap<SubscriptionState> byId = new LongMap<>();
    private final LongMap<SubscriptionState> planned = new LongMap<>();
    private final Map<SubscriptionKey, SubscriptionState> durable = new HashMap<>();
    private final Map<SubscriptionKey, SubscriptionState> sharedVolatile = new HashMap<>();
    private int lastId;

    /** Null when it is gone. */
    SubscriptionState byId(int id) {
        return byId.get(id);
    }

    void forEachJournalled(Consumer<SubscriptionState> action) {
        byId.forEachSorted((subscription, id) -> action.accept(subscription));
    }

    SubscriptionState durable(SubscriptionKey key) {
        return durable.get(key);
    }

    SubscriptionState sharedVolatile(SubscriptionKey key) {
        return sharedVolatile.get(key);
    }

    /** A journalled subscription that does not exist yet, and its record. */
    SubscriptionState plan(
            DestinationState destination,
            SubscriptionKey key,
            MessageFilter filter,
            boolean noLocal,
            boolean shared,
            List<JournalRecord> records) {
        SubscriptionState subscription = new SubscriptionState(++lastId, destination, key, filter, noLocal, shared);
        planned.put(subscription.id, subscription);
        records.add(new JournalRecord.SubscriptionCreated(
                subscription.id,
                destination.id,
                key.clientId(),
                key.name(),
                filter.isAll() ? null : filter.text(),
                noLocal,
                shared));
        return subscription;
    }

    /** The entry that creates it could not be written. */
    void forgetPlanned(int id) {
        planned.remove(id);
    }

    /** Replay. */
    void created(JournalRecord.SubscriptionCreated record, DestinationState destination) {
        SubscriptionState subscription = planned.remove(record.subscriptionId());
        if (subscription == null) {
            subscription = new SubscriptionState(
                    record.subscriptionId(),
                    destination,
                    new SubscriptionKey(record.clientId(), record.name()),
                    MessageFilter.parse(record.selector()),
                    record.noLocal(),
                    record.shared());
        }
        lastId = Math.max(lastId, subscription.id);
        byId.put(subscription.id, subscription);
        if (!destination.journalled.contains(subscription)) {
            destination.journalled.add(subscription);
        }
        if (subscription.name != null) {
            durable.put(subscription.key(), subscription);
        }
    }

    SubscriptionState createVolatile(
            DestinationState destination, SubscriptionKey key, MessageFilter filter, boolean noLocal) {
        SubscriptionState subscription =
                new SubscriptionState(0, destination, key, filter, noLocal, key.name() != null);
        destination.volatiles.add(subscription);
        if (key.name() != null) {
            sharedVolatile.put(key, subscription);
        }
        return subscription;
    }

    /** Takes it out of all tables; the caller has emptied it. */
    void remove(SubscriptionState subscription) {
        if (subscription.isJournalled()) {
            byId.remove(subscription.id);
            subscription.destination.journalled.remove(subscription);
            durable.remove(subscription.key(), subscription);
        } else {
            subscription.destination.volatiles.remove(subscription);
            sharedVolatile.remove(subscription.key(), subscription);
        }
    }
}
