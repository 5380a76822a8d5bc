package io.posthorn.server.store;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.server.store.ModelState.Stage;
import io.posthorn.server.store.ModelState.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Random entries that are valid after those before them: what a broker could have journalled. Deterministic per seed. */
public final class RandomHistory {

    private final SplittableRandom random;
    private final ModelState model;
    private int nextDestination = 1;
    private int nextSubscription = 1;
    private long nextSchedule = 1;
    private long nextTx = 1;
    private long nowMs = StoreFixtures.RECEIVED_MS;
    private int bodies;
    private int branches;

    /** @param model the state so far; the caller applies each entry to it before it asks for the next one */
    public RandomHistory(SplittableRandom random, ModelState model) {
        this.random = random;
        this.model = model;
    }

    public List<JournalRecord> next() {
        nowMs += random.nextInt(1000);
        while (true) {
            List<JournalRecord> records = attempt(random.nextInt(100));
            if (!records.isEmpty()) {
                return records;
            }
        }
    }

    private List<JournalRecord> attempt(int dice) {
        if (dice < 4 || model.destinations.isEmpty()) {
            return createDestination();
        } else if (dice < 7) {
            return createSubscription();
        } else if (dice < 8) {
            return deleteSubscription();
        } else if (dice < 9) {
            return random.nextBoolean()
                    ? changeDestination()
                    : model.destinations.size() < 3 ? List.of() : deleteDestination();
        } else if (dice < 40) {
            return publish();
        } else if (dice < 50) {
            return stage();
        } else if (dice < 55) {
            return endTransaction();
        } else if (dice < 58) {
            return prepareOrEnd();
        } else if (dice < 75) {
            List<Settlement> settlements = settlements();
            return settlements.isEmpty() ? List.of() : List.of(new JournalRecord.Settled(settlements));
        } else if (dice < 84) {
            return handOver();
        } else if (dice < 88) {
            return defer();
        } else if (dice < 93) {
            return schedule();
        } else if (dice < 98) {
            return due();
        }
        Long producer = ModelState.pick(random, model.producers.keySet());
        boolean open = producer != null && model.staged.keySet().stream().anyMatch(s -> s.producerId() == producer);
        return producer == null || open ? List.of() : List.of(new JournalRecord.ProducerClosed(producer));
    }

    private List<JournalRecord> createDestination() {
        int id = nextDestination++;
        boolean queue = random.nextBoolean();
        DestinationName name = queue ? DestinationName.queue("q" + id) : DestinationName.topic("t" + id);
        JournalRecord created = new JournalRecord.DestinationCreated(id, name, 1, nowMs, Map.of("a", "b" + id));
        int subscription = nextSubscription++;
        return List.of(
                created,
                new JournalRecord.SubscriptionCreated(
                        subscription, id, null, queue ? null : "s" + subscription, null, false, false));
    }

    private List<JournalRecord> changeDestination() {
        Integer destination = ModelState.pick(random, model.destinations.keySet());
        return List.of(new JournalRecord.DestinationChanged(destination, Map.of("a", "c" + random.nextInt(9))));
    }

    private List<JournalRecord> createSubscription() {
        Integer destination = ModelState.pick(random, model.destinations.keySet());
        if (model.destinations.get(destination).name().kind().isQueue()) {
            return List.of();
        }
        int id = nextSubscription++;
        return List.of(new JournalRecord.SubscriptionCreated(
                id,
                destination,
                "client",
                "s" + id,
                random.nextBoolean() ? "a > 1" : null,
                true,
                random.nextBoolean()));
    }

    private List<JournalRecord> deleteSubscription() {
        Integer id = ModelState.pick(random, model.subscriptions.keySet());
        if (id == null || model.subscriptions.get(id).name() == null) {
            return List.of();
        }
        List<Settlement> settlements = new ArrayList<>();
        for (Waiting waiting : model.pending) {
            if (waiting.subscriptionId() == id && !model.othersWait(id, waiting.lane(), waiting.offset())) {
                settlements.add(
                        new Settlement(id, waiting.lane(), new long[] {waiting.offset(), waiting.offset()}, true));
            }
        }
        JournalRecord deleted = new JournalRecord.SubscriptionDeleted(id);
        return settlements.isEmpty() ? List.of(deleted) : List.of(new JournalRecord.Settled(settlements), deleted);
    }

    private List<JournalRecord> deleteDestination() {
        return List.of(new JournalRecord.DestinationDeleted(ModelState.pick(random, model.destinations.keySet())));
    }

    private List<JournalRecord> publish() {
        long lane = lane();
        int[] recipients = recipients(lane);
        if (recipients.length == 0) {
            return List.of();
        }
        long producer = producer();
        return List.of(new JournalRecord.Published(
                lane,
                model.lanes.getOrDefault(lane, 0L),
                nowMs,
                producer,
                sequence(producer),
                recipients,
                StoreFixtures.message(body())));
    }

    private List<JournalRecord> stage() {
        Stage open = random.nextInt(3) > 0 ? ModelState.pick(random, model.staged.keySet()) : null;
        long producer = open != null ? open.producerId() : producer();
        long tx = open != null ? open.txSequence() : nextTx++;
        int index = (int) model.staged.keySet().stream()
                .filter(s -> s.producerId() == producer && s.txSequence() == tx)
                .count();
        return List.of(new JournalRecord.Staged(
                producer, tx, index, sequence(producer), nowMs, StoreFixtures.message(body())));
    }

    private List<JournalRecord> prepareOrEnd() {
        String known = ModelState.pick(random, model.branches.keySet());
        if (known == null || random.nextBoolean()) {
            int number = branches++;
            // Keys of all lengths.
            byte[] gtrid = new byte[1 + number % BranchId.PART_MAX_BYTES];
            gtrid[0] = (byte) number;
            byte[] bqual = new byte[number * 7 % (BranchId.PART_MAX_BYTES + 1)];
            Stage open = ModelState.pick(random, model.staged.keySet());
            List<BranchPart> parts = open == null
                    ? List.of()
                    : List.of(new BranchPart(open.producerId(), open.txSequence(), random.nextBoolean() ? "c" : null));
            return List.of(
                    new JournalRecord.Prepared(new BranchId(number >> 8, gtrid, bqual), nowMs, parts, settlements()));
        }
        JournalRecord before = model.branches.get(known);
        BranchOutcome outcome = before instanceof JournalRecord.Prepared
                ? BranchOutcome.values()[random.nextInt(BranchOutcome.values().length)]
                : BranchOutcome.FINISHED;
        BranchId branch = before instanceof JournalRecord.Prepared prepared
                ? prepared.branch()
                : ((JournalRecord.BranchEnded) before).branch();
        return List.of(new JournalRecord.BranchEnded(branch, outcome, nowMs));
    }

    private List<JournalRecord> endTransaction() {
        Stage open = ModelState.pick(random, model.staged.keySet());
        if (open == null) {
            List<Settlement> consumed = settlements();
            return consumed.isEmpty()
                    ? List.of()
                    : List.of(new JournalRecord.Committed(producer(), nextTx++, nowMs, List.of(), consumed));
        }
        if (random.nextInt(4) == 0) {
            return List.of(new JournalRecord.Aborted(open.producerId(), open.txSequence()));
        }
        List<JournalRecord> entry = new ArrayList<>();
        List<Placement> placements = new ArrayList<>();
        Map<Long, Long> next = new TreeMap<>(model.lanes);
        for (Stage stage : model.staged.keySet()) {
            if (stage.producerId() == open.producerId() && stage.txSequence() == open.txSequence()) {
                long lane = lane();
                int[] recipients = recipients(lane);
                if (recipients.length > 0 && random.nextInt(4) == 0) {
                    entry.add(new JournalRecord.Postponed(
                            stage.producerId(),
                            stage.txSequence(),
                            stage.index(),
                            nextSchedule++,
                            nowMs + 1000,
                            recipients));
                } else if (recipients.length > 0) {
                    long offset = next.merge(lane, 1L, Long::sum) - 1;
                    placements.add(new Placement(stage.index(), lane, offset, recipients));
                }
            }
        }
        entry.add(new JournalRecord.Committed(open.producerId(), open.txSequence(), nowMs, placements, settlements()));
        return entry;
    }

    /** Up to three settlements, no message twice. */
    private List<Settlement> settlements() {
        List<Settlement> settlements = new ArrayList<>();
        TreeSet<Integer> used = new TreeSet<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            Waiting first = ModelState.pick(random, model.pending);
            // One settlement per destination keeps the frees flags independent of each other.
            if (first == null || !used.add(LaneId.destinationId(first.lane()))) {
                continue;
            }
            boolean frees = !model.othersWait(first.subscriptionId(), first.lane(), first.offset());
            long to = first.offset();
            int longest = random.nextInt(20);
            while (to - first.offset() < longest
                    && model.pending.contains(new Waiting(first.subscriptionId(), first.lane(), to + 1))
                    && frees == !model.othersWait(first.subscriptionId(), first.lane(), to + 1)) {
                to++;
            }
            settlements.add(
                    new Settlement(first.subscriptionId(), first.lane(), new long[] {first.offset(), to}, frees));
        }
        return settlements;
    }

    private List<JournalRecord> handOver() {
        Waiting first = ModelState.pick(random, model.pending);
        if (first == null) {
            return List.of();
        }
        long to = first.offset() + random.nextInt(5);
        return List.of(
                new JournalRecord.HandedOver(first.subscriptionId(), first.lane(), new long[] {first.offset(), to}));
    }

    private List<JournalRecord> defer() {
        Waiting which = ModelState.pick(random, model.pending);
        return which == null
                ? List.of()
                : List.of(
                        new JournalRecord.Deferred(which.subscriptionId(), which.lane(), which.offset(), nowMs + 5000));
    }

    private List<JournalRecord> schedule() {
        long producer = producer();
        int[] recipients = {1};
        return List.of(new JournalRecord.Scheduled(
                nextSchedule++,
                nowMs + 1000,
                nowMs,
                producer,
                sequence(producer),
                recipients,
                StoreFixtures.message(body())));
    }

    private List<JournalRecord> due() {
        Long id = ModelState.pick(random, model.schedules.keySet());
        if (id == null) {
            return List.of();
        }
        long lane = lane();
        int[] recipients = recipients(lane);
        return recipients.length == 0
                ? List.of(new JournalRecord.Due(id, -1, -1, recipients))
                : List.of(new JournalRecord.Due(id, lane, model.lanes.getOrDefault(lane, 0L), recipients));
    }

    private long lane() {
        return LaneId.of(ModelState.pick(random, model.destinations.keySet()), 0, random.nextInt(2) + 4);
    }

    private int[] recipients(long lane) {
        boolean topic = !model.destinations
                .get(LaneId.destinationId(lane))
                .name()
                .kind()
                .isQueue();
        return model.subscriptions.values().stream()
                .filter(s -> s.destinationId() == LaneId.destinationId(lane))
                .mapToInt(JournalRecord.SubscriptionCreated::subscriptionId)
                .filter(id -> !topic || random.nextInt(4) > 0)
                .toArray();
    }

    /** Negative ones too: real producer ids are random. */
    private long producer() {
        return random.nextInt(4) - 2;
    }

    /** None, the next, one that leaves a gap, or one that fills a gap. */
    private long sequence(long producer) {
        TreeSet<Long> stored = model.producers.getOrDefault(producer, new TreeSet<>());
        long last = stored.isEmpty() ? 0 : stored.last();
        int dice = random.nextInt(10);
        if (dice == 0) {
            return 0;
        } else if (dice < 8) {
            return last + 1;
        } else if (dice == 8) {
            return last + 1 + random.nextInt(4);
        }
        long sequence = 1;
        while (stored.contains(sequence)) {
            sequence++;
        }
        return sequence;
    }

    private String body() {
        int length = random.nextInt(8) == 0 ? random.nextInt(3000) : random.nextInt(40);
        return "m" + bodies++ + "x".repeat(length);
    }
}
