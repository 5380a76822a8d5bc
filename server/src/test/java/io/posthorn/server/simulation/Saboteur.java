package io.posthorn.server.simulation;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.server.queue.BrokerHeart;
import io.posthorn.server.queue.HeartProbe;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.Placement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Breaks one thing on purpose, in the heart or in what the store gives back. */
final class Saboteur {

    private final Fault fault;
    private final DestinationName queue;
    private final SplittableRandom random;
    private long hidden = -1;
    private boolean done;

    /** @param queue where it does its damage */
    Saboteur(Fault fault, DestinationName queue, SplittableRandom random) {
        this.fault = fault;
        this.queue = queue;
        this.random = random;
    }

    Fault fault() {
        return fault;
    }

    void appended(BrokerHeart heart, long end) {
        if (fault == Fault.SHOW_UNCOMMITTED && random.nextInt(20) == 0) {
            heart.committed(end);
        }
    }

    /** After every step. */
    void step(SimulatedBroker broker) {
        switch (fault) {
            case LET_OTHERS_PASS -> {
                if (random.nextInt(10) == 0) {
                    hideOrShow(broker.heart());
                }
            }
            case SHARE_A_GROUP -> {
                for (int i = 0; i < Groups.COUNT && random.nextInt(5) == 0; i++) {
                    HeartProbe.forgetHolders(broker.heart(), queue, Groups.name(i));
                }
            }
            case PASS_A_HELD_MESSAGE -> {
                for (int i = 0; i < Groups.COUNT; i++) {
                    HeartProbe.forgetBranches(broker.heart(), queue, Groups.name(i));
                }
            }
            case DROP_A_BODY -> {
                if (random.nextInt(10) == 0) {
                    broker.append(HeartProbe.dropBody(broker.heart()));
                }
            }
            default -> {
                // Does its work elsewhere.
            }
        }
    }

    /** Before a producer repeats a send. */
    void repeating(BrokerHeart heart, long producer) {
        if (fault == Fault.FORGET_DEDUP) {
            HeartProbe.forgetProducer(heart, producer);
        }
    }

    /** What becomes of an acceptance. */
    Outcome<Void> accepted(Outcome<Void> outcome, Mouth mouth, Collection<Got> accepted) {
        if (fault != Fault.DROP_A_SETTLEMENT || done || outcome.entries().isEmpty()) {
            return outcome;
        }
        done = true;
        for (Got got : accepted) {
            if (got.isJournalled()) {
                HeartProbe.unsettle(mouth.state, got.ref());
            }
        }
        return HeartProbe.nothing();
    }

    /** What a store has kept, less what it loses. */
    List<JournalEntry> recovered(List<JournalEntry> entries, Placements placements) {
        List<JournalEntry> left = new ArrayList<>(entries);
        switch (fault) {
            case FORGET_A_COMMITTED_ENTRY -> forgetMessage(left);
            case FORGET_A_PREPARED_BRANCH -> forgetPrepared(left);
            case SPLIT_A_COMMIT -> splitCommits(left, placements);
            default -> {
                return entries;
            }
        }
        return left;
    }

    void replayed(BrokerHeart heart, long now) {
        hidden = -1;
        if (fault == Fault.REPLAY_DIFFERS) {
            HeartProbe.inventProducer(heart, now);
        }
    }

    private void hideOrShow(BrokerHeart heart) {
        if (hidden >= 0) {
            HeartProbe.show(heart, queue, hidden);
            hidden = -1;
        } else {
            hidden = HeartProbe.hideFirst(heart, queue);
        }
    }

    private static void forgetMessage(List<JournalEntry> entries) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).records().get(0) instanceof JournalRecord.Published) {
                entries.remove(i);
                return;
            }
        }
    }

    private static void forgetPrepared(List<JournalEntry> entries) {
        Set<BranchId> ended = new HashSet<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            for (JournalRecord record : entries.get(i).records()) {
                if (record instanceof JournalRecord.BranchEnded e) {
                    ended.add(e.branch());
                } else if (record instanceof JournalRecord.Prepared p && !ended.contains(p.branch())) {
                    entries.remove(i);
                    return;
                }
            }
        }
    }

    private static void splitCommits(List<JournalEntry> entries, Placements placements) {
        for (int i = 0; i < entries.size(); i++) {
            JournalEntry entry = entries.get(i);
            if (entry.records().size() == 1
                    && entry.records().get(0) instanceof JournalRecord.Committed c
                    && c.placements().size() > 1) {
                List<Placement> first = c.placements().subList(0, 1);
                c.placements().stream().skip(1).forEach(p -> placements.forget(p.lane(), p.offset()));
                JournalRecord half =
                        new JournalRecord.Committed(c.producerId(), c.txSequence(), c.timeMs(), first, c.settlements());
                entries.set(i, new JournalEntry(entry.position(), entry.epoch(), List.of(half)));
            }
        }
    }
}
