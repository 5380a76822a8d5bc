package io.posthorn.server.simulation;

import io.posthorn.server.simulation.SimulatedLog.Block;
import io.posthorn.server.simulation.SimulatedLog.Reign;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import io.posthorn.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The journal of a Master and two Slaves that follow it over connections that break: an entry is committed when it is durable at the Master and at
 * one Slave. A crash may be that of the Master, which starts again, or its end, after which the Slave with the longest journal takes its
 * place; or the Master is only cut off, and goes on believing. What comes back with a diverging journal is cut to the common point.
 *
 * <p>Checks I7 (commit positions rise within an epoch) and I8 (one Master per epoch), and that nothing committed is ever cut.
 */
final class ClusterStore implements SimulatedStore {

    private static final int NODES = 3;
    private static final int IN_SYNC = 2;
    private static final int SLICE_MAX_ENTRIES = 4;
    private static final int DOWN_FOR_EVENTS = 20;

    /** Events after which a quiet cluster must have caught up. */
    private static final int SETTLED_WITHIN = 10_000;

    /** What travels on a connection; it arrives in order, or the connection is broken. */
    private sealed interface Message {}

    private record Hello(long newestEpoch, List<Reign> reigns, long end) implements Message {}

    private record Follow(long epoch) implements Message {}

    private record Cut(long epoch, long position) implements Message {}

    private record Slice(long epoch, long from, List<Block> blocks, long commit) implements Message {}

    private record Ack(long durable) implements Message {}

    /** A connection of a Slave to a Master. */
    private static final class Link {
        final int master;
        final Deque<Message> toMaster = new ArrayDeque<>();
        final Deque<Message> toSlave = new ArrayDeque<>();
        boolean following;
        long sent;
        long acked;
        long commitSeen;

        Link(int master) {
            this.master = master;
        }
    }

    private static final class Node {
        final SimulatedLog log = new SimulatedLog();
        /** Newest epoch it has heard of; it takes nothing of a lower one. */
        long epoch;
        /** Known to be committed. */
        long commit;
        /** To its Master; null = none. */
        Link link;
        /** Events until it is there again. */
        int downFor;
        /** Believes that it is the Master, and is not any more. */
        boolean deposed;
    }

    private final SplittableRandom random;
    private final Clock clock;
    private final Fault fault;
    private final EntryIndex index = new EntryIndex();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Long, Integer> masters = new HashMap<>();
    private final AtomicInteger promotions;
    private int master;
    private long epoch;
    private long commit;
    private boolean failed;
    private boolean quiet;

    /** @param promotions counts them */
    ClusterStore(SplittableRandom random, Clock clock, Fault fault, AtomicInteger promotions) {
        this.promotions = promotions;
        this.random = random;
        this.clock = clock;
        this.fault = fault;
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Node());
        }
    }

    @Override
    public List<JournalEntry> recover() {
        Node own = nodes.get(master);
        List<JournalEntry> found = new ArrayList<>();
        index.clear();
        own.log.recover().forEach(block -> found.add(index.decode(block)));
        failed = false;
        epoch = fault == Fault.KEEP_THE_EPOCH && own.epoch > 0 ? own.epoch : newestEpoch() + 1;
        own.epoch = epoch;
        int before = masters.getOrDefault(epoch, master);
        Invariant.I8.require(before == master, "node " + before + " and node " + master + " reign in epoch " + epoch);
        masters.put(epoch, master);
        commit = own.commit;
        found.add(append(own.log.nextBase(), List.of(new JournalRecord.EpochStarted(epoch, clock.wallMs()))));
        settle();
        return found;
    }

    @Override
    public JournalEntry append(List<JournalRecord> records) {
        return append(end(), records);
    }

    private JournalEntry append(long position, List<JournalRecord> records) {
        nodes.get(master).log.append(index.encode(position, epoch, records));
        return new JournalEntry(position, epoch, records);
    }

    @Override
    public long end() {
        return nodes.get(master).log.end();
    }

    @Override
    public long committed() {
        return commit;
    }

    @Override
    public void sync() {
        if (!failed) {
            nodes.get(master).log.sync(random.nextInt(4));
        }
        for (int i = 0; i < 12; i++) {
            event();
        }
    }

    @Override
    public void fail() {
        failed = true;
    }

    @Override
    public ScheduledResult readScheduled(ScheduledRequest request) {
        return index.readScheduled(request);
    }

    @Override
    public ExpiredResult readExpired(ExpiredRequest request) {
        return EntryIndex.NOTHING_EXPIRES;
    }

    @Override
    public ReadResult read(ReadRequest request) {
        return index.read(request);
    }

    @Override
    public long checkpoint() {
        return Math.max(0, commit - random.nextInt(200));
    }

    @Override
    public long crash() {
        Node old = nodes.get(master);
        boolean promote =
                random.nextBoolean() && slaves().stream().allMatch(slave -> slave.downFor == 0 && !slave.deposed);
        if (!promote) {
            long left = old.log.crash(random);
            slaves().forEach(slave -> slave.link = null);
            return left;
        }
        promotions.incrementAndGet();
        // Whoever promotes has asked all that can have confirmed something. They take nothing from the old Master any
        // more.
        Node longest = slaves().stream()
                .max((a, b) -> Long.compare(a.log.end(), b.log.end()))
                .orElseThrow();
        if (fault == Fault.PROMOTE_THE_SHORTEST) {
            longest = slaves().stream()
                    .min((a, b) -> Long.compare(a.log.end(), b.log.end()))
                    .orElseThrow();
        }
        long fence = newestEpoch() + (fault == Fault.KEEP_THE_EPOCH ? 0 : 1);
        for (Node slave : slaves()) {
            slave.epoch = fence;
            slave.link = null;
            slave.log.sync(0);
        }
        if (random.nextBoolean()) {
            old.log.crash(random);
            old.log.recover();
            old.downFor = DOWN_FOR_EVENTS;
        } else {
            old.deposed = true;
        }
        master = nodes.indexOf(longest);
        return longest.log.end();
    }

    @Override
    public void close() {
        index.clear();
    }

    private List<Node> slaves() {
        return nodes.stream().filter(node -> node != nodes.get(master)).toList();
    }

    private long newestEpoch() {
        return nodes.stream().mapToLong(node -> node.epoch).max().orElse(0);
    }

    /** Nothing breaks until everything is committed. */
    private void settle() {
        quiet = true;
        nodes.get(master).log.sync(0);
        for (int i = 0; commit < end(); i++) {
            Invariant.expect(i < SETTLED_WITHIN, "the Slaves do not catch up with the Master");
            event();
        }
        quiet = false;
    }

    /** Something happens to one of the Slaves, or on its connection. */
    private void event() {
        List<Node> slaves = slaves();
        Node slave = slaves.get(random.nextInt(slaves.size()));
        if (slave.downFor > 0) {
            slave.downFor--;
            return;
        }
        if (slave.deposed) {
            reignOn(slave);
            return;
        }
        if (slave.link == null) {
            connect(slave, master);
            return;
        }
        switch (quiet ? random.nextInt(4) : random.nextInt(40)) {
            case 0, 10, 11, 12, 13, 14, 15, 16, 17 -> receive(slave);
            case 1, 18, 19, 20, 21, 22, 23, 24, 25 -> answer(slave);
            case 2, 26, 27, 28, 29, 30, 31, 32 -> ship(slave.link);
            case 3, 33, 34, 35, 36, 37 -> confirm(slave);
            case 38 -> slave.link = null;
            case 39 -> {
                if (random.nextInt(10) == 0) {
                    slave.log.crash(random);
                    slave.log.recover();
                    slave.link = null;
                    slave.downFor = DOWN_FOR_EVENTS;
                }
            }
            default -> {
                // The network takes its time.
            }
        }
    }

    /** A Master that was replaced and does not know: it appends, and one day hears of the new epoch. */
    private void reignOn(Node deposed) {
        if (random.nextInt(5) > 0) {
            long at = deposed.log.end();
            deposed.log.append(
                    new EntryIndex().encode(at, deposed.epoch, List.of(new JournalRecord.ProducerClosed(at))));
        } else {
            deposed.deposed = false;
        }
    }

    private void connect(Node slave, int to) {
        slave.link = new Link(to);
        slave.log.sync(0);
        slave.link.toMaster.add(new Hello(slave.epoch, slave.log.reigns(), slave.log.end()));
    }

    /** The Slave gets the next thing that the Master has sent. */
    private void receive(Node slave) {
        Message next = slave.link.toSlave.poll();
        if (next instanceof Follow follow) {
            slave.epoch = Math.max(slave.epoch, follow.epoch());
        } else if (next instanceof Cut cut) {
            Invariant.I1.require(
                    cut.position() >= slave.commit,
                    "a Slave's journal is cut at " + cut.position() + ", committed is " + slave.commit);
            slave.log.cut(cut.position());
            slave.link = null;
        } else if (next instanceof Slice slice) {
            if (slice.epoch() < slave.epoch) {
                slave.link = null;
                return;
            }
            Invariant.expect(slice.from() == slave.log.end(), "a slice leaves a gap");
            slice.blocks().forEach(slave.log::append);
            Invariant.I7.require(
                    slice.commit() >= slave.link.commitSeen,
                    "the commit position went from " + slave.link.commitSeen + " to " + slice.commit());
            slave.link.commitSeen = slice.commit();
            slave.commit = Math.max(slave.commit, Math.min(slice.commit(), slave.log.end()));
        }
    }

    /** The Master gets the next thing that a Slave has sent. */
    private void answer(Node slave) {
        Link link = slave.link;
        Message next = link.toMaster.poll();
        if (next instanceof Hello hello) {
            long point = commonPoint(nodes.get(master).log, hello);
            if (point < hello.end()) {
                link.toSlave.add(new Cut(epoch, point));
            } else {
                link.following = true;
                link.sent = point;
                link.acked = point;
                link.toSlave.add(new Follow(epoch));
                advance();
            }
        } else if (next instanceof Ack ack) {
            link.acked = Math.max(link.acked, ack.durable());
            advance();
        }
    }

    private void ship(Link link) {
        SimulatedLog log = nodes.get(master).log;
        if (link.following && link.sent < log.end()) {
            List<Block> blocks = log.from(link.sent, SLICE_MAX_ENTRIES);
            link.toSlave.add(new Slice(epoch, link.sent, blocks, commit));
            link.sent = blocks.get(blocks.size() - 1).end();
        }
    }

    private void confirm(Node slave) {
        slave.log.sync(0);
        slave.link.toMaster.add(new Ack(slave.log.durable()));
    }

    /** The highest position that is durable here and on enough Slaves. */
    private void advance() {
        long durable = nodes.get(master).log.durable();
        List<Long> confirmed = slaves().stream()
                .filter(slave -> slave.link != null && slave.link.following)
                .map(slave -> slave.link.acked)
                .sorted((a, b) -> Long.compare(b, a))
                .toList();
        int needed = fault == Fault.COUNT_ONE_COPY ? 0 : IN_SYNC - 1;
        long next = needed == 0 ? durable : 0;
        if (needed > 0 && confirmed.size() >= needed) {
            next = Math.min(durable, confirmed.get(needed - 1));
        }
        // A Slave that is away for a while takes back nothing.
        next = fault == Fault.COMMIT_MOVES_BACK ? next : Math.max(commit, next);
        Invariant.I7.require(next >= commit, "the commit position goes from " + commit + " to " + next);
        commit = next;
        nodes.get(master).commit = commit;
    }

    /** Up to where two journals are the same: the end that the last reign known to both has in the one where it is shorter. */
    private static long commonPoint(SimulatedLog own, Hello theirs) {
        List<Reign> reigns = own.reigns();
        for (int i = theirs.reigns().size() - 1; i >= 0; i--) {
            Reign reign = theirs.reigns().get(i);
            for (Reign each : reigns) {
                if (each.epoch() == reign.epoch() && each.start() == reign.start()) {
                    return Math.min(endOf(reign, reigns, own.end()), endOf(reign, theirs.reigns(), theirs.end()));
                }
            }
        }
        return 0;
    }

    private static long endOf(Reign reign, List<Reign> reigns, long end) {
        return reigns.stream()
                .filter(next -> next.start() > reign.start())
                .mapToLong(Reign::follows)
                .findFirst()
                .orElse(end);
    }
}
