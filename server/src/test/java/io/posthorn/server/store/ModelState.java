package io.posthorn.server.store;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord.Aborted;
import io.posthorn.server.store.JournalRecord.BranchEnded;
import io.posthorn.server.store.JournalRecord.Committed;
import io.posthorn.server.store.JournalRecord.Deferred;
import io.posthorn.server.store.JournalRecord.DeliveryRow;
import io.posthorn.server.store.JournalRecord.DestinationChanged;
import io.posthorn.server.store.JournalRecord.DestinationCreated;
import io.posthorn.server.store.JournalRecord.DestinationDeleted;
import io.posthorn.server.store.JournalRecord.Due;
import io.posthorn.server.store.JournalRecord.HandedOver;
import io.posthorn.server.store.JournalRecord.LaneRow;
import io.posthorn.server.store.JournalRecord.PendingRow;
import io.posthorn.server.store.JournalRecord.Postponed;
import io.posthorn.server.store.JournalRecord.Prepared;
import io.posthorn.server.store.JournalRecord.ProducerClosed;
import io.posthorn.server.store.JournalRecord.ProducerRow;
import io.posthorn.server.store.JournalRecord.Published;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.JournalRecord.Settled;
import io.posthorn.server.store.JournalRecord.SizeRow;
import io.posthorn.server.store.JournalRecord.Staged;
import io.posthorn.server.store.JournalRecord.SubscriptionCreated;
import io.posthorn.server.store.JournalRecord.SubscriptionDeleted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The journalled state as plain sorted collections, one element per message: what replaying records means, said as simply as possible and
 * without regard to speed. The store's checkpoint is compared with it.
 */
public final class ModelState {

    /** A message that one subscription waits for. */
    public record Waiting(int subscriptionId, long lane, long offset) {}

    /** A placed message. */
    public record Place(long lane, long offset) {}

    /** A staged message. */
    public record Stage(long producerId, long txSequence, int index) {}

    private static final Comparator<Waiting> WAITING = Comparator.comparingInt(Waiting::subscriptionId)
            .thenComparingLong(Waiting::lane)
            .thenComparingLong(Waiting::offset);
    private static final Comparator<Place> PLACE =
            Comparator.comparingLong(Place::lane).thenComparingLong(Place::offset);
    private static final Comparator<Stage> STAGE = Comparator.comparingLong(Stage::producerId)
            .thenComparingLong(Stage::txSequence)
            .thenComparingInt(Stage::index);

    public final TreeMap<Integer, DestinationCreated> destinations = new TreeMap<>();
    public final TreeMap<Integer, SubscriptionCreated> subscriptions = new TreeMap<>();
    public final TreeMap<Long, Long> lanes = new TreeMap<>();
    public final TreeSet<Waiting> pending = new TreeSet<>(WAITING);
    public final TreeMap<Waiting, long[]> deliveries = new TreeMap<>(WAITING);
    public final TreeMap<Stage, String> staged = new TreeMap<>(STAGE);
    public final TreeMap<Long, String> schedules = new TreeMap<>();
    public final TreeMap<Long, TreeSet<Long>> producers = new TreeMap<>();
    public final TreeMap<Long, long[]> producerTimes = new TreeMap<>();

    /** Bodies of placed messages, and positions of their entries; only known when the records themselves were replayed. */
    public final TreeMap<Place, String> bodies = new TreeMap<>(PLACE);

    /** Sizes of placed messages; of some that nobody waits for any more they may be missing, or be any. */
    private final TreeMap<Place, Integer> sizes = new TreeMap<>(PLACE);

    public final TreeMap<Place, Long> positions = new TreeMap<>(PLACE);

    /** Positions of the entries that placed them; for a staged message not the one that bears it. */
    public final TreeMap<Place, Long> placedAt = new TreeMap<>(PLACE);

    /** Branches that are not forgotten, by name: the record that says most about them. */
    public final TreeMap<String, JournalRecord> branches = new TreeMap<>();

    private long entryPosition;
    private final TreeMap<Stage, Long> stagedPositions = new TreeMap<>(STAGE);
    private final TreeMap<Long, Long> schedulePositions = new TreeMap<>();

    public void apply(JournalEntry entry) {
        entryPosition = entry.position();
        for (JournalRecord record : entry.records()) {
            apply(entry.position(), record);
        }
    }

    /** Everything that recovery must restore, as text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        destinations.forEach((id, d) -> text.append(d).append('\n'));
        subscriptions.forEach((id, s) -> text.append(s).append('\n'));
        lanes.forEach((lane, next) -> text.append("lane ")
                .append(LaneId.text(lane))
                .append(" next ")
                .append(next)
                .append('\n'));
        pending.forEach(waiting -> text.append(waiting)
                .append(" size ")
                .append(sizes.get(new Place(waiting.lane(), waiting.offset())))
                .append('\n'));
        deliveries.forEach((waiting, value) -> text.append("delivery ")
                .append(waiting)
                .append(' ')
                .append(value[0])
                .append(" not before ")
                .append(value[1])
                .append('\n'));
        staged.forEach((key, body) -> text.append(key).append(' ').append(body).append('\n'));
        schedules.forEach((id, body) ->
                text.append("schedule ").append(id).append(' ').append(body).append('\n'));
        producers.forEach((id, stored) -> {
            long last = stored.isEmpty() ? 0 : stored.last();
            List<Long> gaps = new ArrayList<>();
            for (long sequence = 1; sequence < last; sequence++) {
                if (!stored.contains(sequence)) {
                    gaps.add(sequence);
                }
            }
            long[] times = producerTimes.get(id);
            text.append("producer " + id + " last " + last + " gaps " + gaps + " tx " + times[0] + " seen " + times[1]
                    + "\n");
        });
        branches.forEach((id, record) -> text.append("branch ")
                .append(id)
                .append(' ')
                .append(RecordText.of(record))
                .append('\n'));
        return text.toString();
    }

    /** Whether a subscription other than this one waits for the message too. */
    public boolean othersWait(int subscriptionId, long lane, long offset) {
        for (int other : subscriptions.keySet()) {
            if (other != subscriptionId && pending.contains(new Waiting(other, lane, offset))) {
                return true;
            }
        }
        return false;
    }

    private void apply(long position, JournalRecord record) {
        if (record instanceof DestinationCreated r) {
            destinations.put(r.destinationId(), r);
        } else if (record instanceof DestinationChanged r) {
            destinations.computeIfPresent(
                    r.destinationId(),
                    (id, d) -> new DestinationCreated(id, d.name(), d.queues(), d.timeMs(), r.attributes()));
        } else if (record instanceof DestinationDeleted r) {
            destinations.remove(r.destinationId());
            lanes.keySet().removeIf(lane -> LaneId.destinationId(lane) == r.destinationId());
            List<Integer> gone = new ArrayList<>();
            subscriptions.forEach((id, s) -> {
                if (s.destinationId() == r.destinationId()) {
                    gone.add(id);
                }
            });
            gone.forEach(this::deleteSubscription);
        } else if (record instanceof SubscriptionCreated r) {
            subscriptions.put(r.subscriptionId(), r);
        } else if (record instanceof SubscriptionDeleted r) {
            deleteSubscription(r.subscriptionId());
        } else if (record instanceof Published r) {
            stored(r.producerId(), r.sequence(), r.receivedMs());
            place(r.lane(), r.offset(), r.recipients(), body(r.message()), position);
        } else if (record instanceof Staged r) {
            stored(r.producerId(), r.sequence(), r.receivedMs());
            Stage key = new Stage(r.producerId(), r.txSequence(), r.index());
            staged.put(key, body(r.message()));
            stagedPositions.put(key, position);
        } else if (record instanceof Committed r) {
            commit(r);
        } else if (record instanceof Aborted r) {
            endTransaction(r.producerId(), r.txSequence());
        } else if (record instanceof Settled r) {
            settle(r.settlements());
        } else if (record instanceof HandedOver r) {
            handedOver(r);
        } else if (record instanceof Deferred r) {
            Waiting key = new Waiting(r.subscriptionId(), r.lane(), r.offset());
            if (pending.contains(key)) {
                delivery(key)[1] = r.notBeforeMs();
            }
        } else if (record instanceof Scheduled r) {
            stored(r.producerId(), r.sequence(), r.receivedMs());
            waits(r, position);
        } else if (record instanceof Postponed r) {
            Stage key = new Stage(r.producerId(), r.txSequence(), r.index());
            schedules.put(r.scheduleId(), staged.get(key) + " due " + r.dueMs());
            schedulePositions.put(r.scheduleId(), stagedPositions.getOrDefault(key, 0L));
        } else if (record instanceof Due r) {
            String body = schedules.remove(r.scheduleId());
            if (r.lane() >= 0) {
                long at = schedulePositions.get(r.scheduleId());
                place(r.lane(), r.offset(), r.recipients(), body.substring(0, body.indexOf(" due ")), at);
            }
        } else if (record instanceof ProducerClosed r) {
            producers.remove(r.producerId());
            producerTimes.remove(r.producerId());
        } else if (record instanceof Prepared r) {
            branches.put(r.branch().toString(), r);
        } else if (record instanceof BranchEnded r) {
            if (r.outcome() == BranchOutcome.FINISHED) {
                branches.remove(r.branch().toString());
            } else {
                branches.put(r.branch().toString(), r);
            }
        } else {
            applyRow(record);
        }
    }

    /** A delayed message waits; also one that a store keeps to itself until its time comes. */
    public void waits(Scheduled r, long position) {
        schedules.put(r.scheduleId(), body(r.message()) + " due " + r.dueMs());
        schedulePositions.put(r.scheduleId(), position);
    }

    private void applyRow(JournalRecord record) {
        if (record instanceof LaneRow r) {
            lanes.put(r.lane(), r.nextOffset());
        } else if (record instanceof SizeRow r) {
            for (int i = 0; i < Store.BLOCK_MESSAGES; i++) {
                int size = r.sizes()[r.sizes().length == 1 ? 0 : i];
                sizes.put(new Place(r.lane(), r.block() * Store.BLOCK_MESSAGES + i), size);
            }
        } else if (record instanceof PendingRow r) {
            for (int i = 0; i < Store.BLOCK_MESSAGES; i++) {
                if ((r.bits()[i / 64] & 1L << i) != 0) {
                    pending.add(new Waiting(r.subscriptionId(), r.lane(), r.block() * Store.BLOCK_MESSAGES + i));
                }
            }
        } else if (record instanceof DeliveryRow r) {
            deliveries.put(
                    new Waiting(r.subscriptionId(), r.lane(), r.offset()), new long[] {r.count(), r.notBeforeMs()});
        } else if (record instanceof ProducerRow r) {
            TreeSet<Long> stored = new TreeSet<>();
            for (long sequence = 1; sequence <= r.lastSequence(); sequence++) {
                stored.add(sequence);
            }
            for (long gap : r.gaps()) {
                stored.remove(gap);
            }
            producers.put(r.producerId(), stored);
            producerTimes.put(r.producerId(), new long[] {r.lastTx(), r.lastSeenMs()});
        }
    }

    private void place(long lane, long offset, int[] recipients, String body, long position) {
        lanes.merge(lane, offset + 1, Math::max);
        for (int recipient : recipients) {
            pending.add(new Waiting(recipient, lane, offset));
        }
        bodies.put(new Place(lane, offset), body);
        sizes.put(new Place(lane, offset), StoreFixtures.message(body).size());
        positions.put(new Place(lane, offset), position);
        placedAt.put(new Place(lane, offset), entryPosition);
    }

    private void commit(Committed r) {
        for (Placement placement : r.placements()) {
            Stage key = new Stage(r.producerId(), r.txSequence(), placement.index());
            long position = stagedPositions.getOrDefault(key, 0L);
            place(placement.lane(), placement.offset(), placement.recipients(), staged.get(key), position);
        }
        endTransaction(r.producerId(), r.txSequence());
        settle(r.settlements());
        producers.computeIfAbsent(r.producerId(), absent -> new TreeSet<>());
        long[] times = producerTimes.computeIfAbsent(r.producerId(), absent -> new long[2]);
        times[0] = Math.max(times[0], r.txSequence());
        times[1] = Math.max(times[1], r.timeMs());
    }

    private void settle(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
            for (int i = 0; i < settlement.ranges().length; i += 2) {
                for (long o = settlement.ranges()[i]; o <= settlement.ranges()[i + 1]; o++) {
                    Waiting key = new Waiting(settlement.subscriptionId(), settlement.lane(), o);
                    pending.remove(key);
                    deliveries.remove(key);
                }
            }
        }
    }

    private void handedOver(HandedOver r) {
        for (int i = 0; i < r.ranges().length; i += 2) {
            for (long offset = r.ranges()[i]; offset <= r.ranges()[i + 1]; offset++) {
                Waiting key = new Waiting(r.subscriptionId(), r.lane(), offset);
                if (pending.contains(key)) {
                    delivery(key)[0]++;
                }
            }
        }
    }

    private long[] delivery(Waiting key) {
        return deliveries.computeIfAbsent(key, absent -> new long[2]);
    }

    private void deleteSubscription(int id) {
        subscriptions.remove(id);
        pending.removeIf(waiting -> waiting.subscriptionId() == id);
        deliveries.keySet().removeIf(waiting -> waiting.subscriptionId() == id);
    }

    private void endTransaction(long producerId, long txSequence) {
        staged.keySet().removeIf(key -> key.producerId() == producerId && key.txSequence() == txSequence);
    }

    private void stored(long producerId, long sequence, long timeMs) {
        if (sequence > 0) {
            producers.computeIfAbsent(producerId, absent -> new TreeSet<>()).add(sequence);
            long[] times = producerTimes.computeIfAbsent(producerId, absent -> new long[2]);
            times[1] = Math.max(times[1], timeMs);
        }
    }

    private static String body(EncodedMessage message) {
        return new String(message.body(), StandardCharsets.UTF_8);
    }

    /** A random element, or null of an empty collection. */
    public static <T> T pick(java.util.SplittableRandom random, java.util.Collection<T> of) {
        int skip = of.isEmpty() ? 0 : random.nextInt(of.size());
        for (T element : of) {
            if (skip-- == 0) {
                return element;
            }
        }
        return null;
    }
}
