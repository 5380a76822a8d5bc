package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Gives a client that came back what it still holds: deliveries of its earlier connection are reserved for it until its new
 * consumers have taken the place of the old ones, or until time is up.
 */
final class Restating {

    private record Held(ConsumerState by, long id) {}

    private final HeartState state;
    private final DeliveryVerbs deliveries;
    private final Subscriptions subscriptions;

    Restating(HeartState state, DeliveryVerbs deliveries, Subscriptions subscriptions) {
        this.state = state;
        this.deliveries = deliveries;
        this.subscriptions = subscriptions;
    }

    /** The unnamed subscription of a lost consumer that a new one of the same client may go on with; null when there is none. */
    SubscriptionState leftBehind(
            ClientState client, DestinationState destination, MessageFilter filter, boolean noLocal) {
        for (ConsumerState old : client.reserved) {
            SubscriptionState subscription = old.subscription;
            if (old.mode == ConsumerMode.TOPIC
                    && !old.replaced
                    && !subscription.dead
                    && subscription.destination == destination
                    && subscription.noLocal == noLocal
                    && subscription.filter.text().equals(filter.text())) {
                return subscription;
            }
        }
        return null;
    }

    /** Puts restated deliveries in flight again as ids 1, 2, 3…; says which of them cannot be. */
    OpenedConsumer restate(
            ConsumerState consumer, List<DeliveryRef> restated, Ledger ledger, List<JournalRecord> records, long now) {
        Map<DeliveryRef, Held> held = restated.isEmpty() ? Map.of() : held(consumer);
        List<Integer> refused = new ArrayList<>(0);
        List<Integer> settled = new ArrayList<>(0);
        for (int i = 0; i < restated.size(); i++) {
            Delivery delivery = reclaim(consumer, restated.get(i), held);
            if (delivery == null) {
                refuse(consumer, consumer.inFlight.skip());
                refused.add(i);
                if (isSettled(consumer.subscription, restated.get(i))) {
                    settled.add(i);
                }
                continue;
            }
            if (!delivery.handedOver || isUncounted(delivery)) {
                count(delivery, ledger);
            }
            delivery.handedOver = true;
            regroup(delivery, consumer);
            consumer.inFlight.add(delivery);
            consumer.subscription.inFlight++;
        }
        consumer.handedTo = consumer.inFlight.last();
        replace(consumer, records, now);
        return new OpenedConsumer(consumer, array(refused), array(settled));
    }

    private static int[] array(List<Integer> indexes) {
        return indexes.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean isSettled(SubscriptionState subscription, DeliveryRef ref) {
        int priority = LaneId.priority(ref.lane());
        Level level =
                !subscription.isJournalled() || ref.offset() < 0 || priority > 9 ? null : subscription.levels[priority];
        return level != null
                && level.lane.id == ref.lane()
                && ref.offset() < level.lane.visibleOffset()
                && !level.pending.get(ref.offset());
    }

    /** Ends all reservations of a client that is connected again: what it has not claimed goes back. */
    void releaseUnclaimed(ClientState client, List<JournalRecord> records, long now) {
        for (ConsumerState old : client.reserved) {
            deliveries.giveBackUnclaimed(old, records, now);
            end(old);
        }
        client.reserved.clear();
    }

    /** Ends all reservations of a client that did not come back. */
    void releaseLost(ClientState client, Ledger ledger, List<JournalRecord> records, long now) {
        for (ConsumerState old : client.reserved) {
            if (old.heardOut) {
                deliveries.giveBackUnclaimed(old, records, now);
            } else {
                deliveries.giveBackLost(old, ledger, records, now);
            }
            end(old);
        }
        client.reserved.clear();
    }

    private Map<DeliveryRef, Held> held(ConsumerState consumer) {
        Map<DeliveryRef, Held> held = new HashMap<>();
        for (ConsumerState old : consumer.client().reserved) {
            if (old.subscription != consumer.subscription) {
                continue;
            }
            for (long id = old.inFlight.first(); id <= old.inFlight.last(); id++) {
                Delivery delivery = old.inFlight.get(id);
                if (delivery != null) {
                    held.put(delivery.ref(), new Held(old, id));
                }
            }
        }
        return held;
    }

    private Delivery reclaim(ConsumerState consumer, DeliveryRef ref, Map<DeliveryRef, Held> held) {
        SubscriptionState subscription = consumer.subscription;
        Held reserved = held.remove(ref);
        if (reserved != null) {
            Delivery delivery = reserved.by.inFlight.remove(reserved.id);
            reserved.by.left(delivery);
            return delivery;
        }
        int priority = LaneId.priority(ref.lane());
        if (!subscription.isJournalled() || ref.offset() < 0 || priority > 9) {
            return null;
        }
        Level level = subscription.levels[priority];
        if (level == null
                || level.lane.id != ref.lane()
                || ref.offset() >= level.lane.visibleOffset()
                || !level.pending.get(ref.offset())
                || isHeldFrom(consumer, level, ref.offset())
                || !level.taken.set(ref.offset())) {
            return null;
        }
        Delivery free = new Delivery(level, ref.offset(), null, 0);
        free.handedOver = true;
        return free;
    }

    /** Whether others have gone on with its group meanwhile. */
    private static boolean isHeldFrom(ConsumerState consumer, Level level, long offset) {
        GroupTable groups = consumer.subscription.groups;
        EncodedMessage body = groups == null ? null : level.lane.message(offset);
        return body != null && body.isGrouped() && groups.isHeldFrom(body.groupId(), consumer);
    }

    /** A restated delivery counts for its group, which follows it to its new consumer. */
    private void regroup(Delivery delivery, ConsumerState consumer) {
        SubscriptionState subscription = consumer.subscription;
        if (delivery.group != null) {
            delivery.group = subscription.groups.hold(delivery.group.id, consumer, delivery.group.ended);
            return;
        }
        EncodedMessage body = delivery.isJournalled() ? delivery.level.lane.message(delivery.offset) : null;
        if (body != null && body.isGrouped()) {
            delivery.group = subscription.groups(state.dirty).hold(body.groupId(), consumer, false);
        } else if (body == null && delivery.isJournalled() && delivery.bytes == 0) {
            // Its body has not been seen since the broker was started.
            delivery.restatedTo = consumer;
            if (subscription.groups != null) {
                subscription.groups.identifyLater(delivery);
            }
        }
    }

    private static boolean isUncounted(Delivery delivery) {
        return delivery.isJournalled() && delivery.level.counts.count(delivery.offset) == 0;
    }

    private static void count(Delivery delivery, Ledger ledger) {
        if (delivery.isJournalled()) {
            ledger.handOver(delivery.level, delivery.offset);
        } else {
            delivery.inMemory.count++;
        }
    }

    private static void refuse(ConsumerState consumer, long id) {
        if (consumer.refused == null) {
            consumer.refused = new TreeSet<>();
        }
        consumer.refused.add(id);
    }

    /** Takes the place of one old consumer; when it was the last one here, what nobody claimed goes back. */
    private void replace(ConsumerState consumer, List<JournalRecord> records, long now) {
        List<ConsumerState> reserved = consumer.client().reserved;
        boolean replaced = false;
        boolean othersLeft = false;
        for (ConsumerState old : reserved) {
            if (old.subscription != consumer.subscription || old.replaced) {
                continue;
            }
            if (replaced) {
                othersLeft = true;
            } else {
                old.replaced = true;
                replaced = true;
            }
        }
        if (!replaced || othersLeft) {
            return;
        }
        List<ConsumerState> done = new ArrayList<>(reserved);
        done.removeIf(old -> old.subscription != consumer.subscription);
        reserved.removeAll(done);
        for (ConsumerState old : done) {
            deliveries.giveBackUnclaimed(old, records, now);
            end(old);
        }
        if (reserved.isEmpty()) {
            state.clients.endReservation(consumer.client());
        }
    }

    private void end(ConsumerState old) {
        old.subscription.reservations--;
        subscriptions.endIfUnused(old.subscription);
        state.dirty.mark(old.subscription);
    }
}
