package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** The journalled part of the state as text in one canonical form, for comparing: equal texts mean equal states. */
final class JournalledState {

    private JournalledState() {}

    static String text(HeartState state) {
        StringBuilder out = new StringBuilder();
        TreeMap<Integer, DestinationState> sorted = new TreeMap<>();
        for (DestinationState destination : state.destinations.all()) {
            if (!destination.isTemporary()) {
                sorted.put(destination.id, destination);
            }
        }
        sorted.values().forEach(destination -> destination(destination, out));
        transactions(state, out);
        branches(state, out);
        state.producers.rows().forEachSorted((producer, id) -> {
            if (producer.journalled) {
                out.append("producer ").append(id).append(" last ").append(producer.lastSequence);
                out.append(" gaps ");
                producer.gaps().forEach(gap -> out.append(gap).append(','));
                out.append(" tx ").append(producer.lastTx).append(" seen ").append(producer.lastSeenMs);
                out.append('\n');
            }
        });
        cluster(state.cluster, out);
        return out.toString();
    }

    private static void cluster(ClusterState cluster, StringBuilder out) {
        TreeSet<String> sorted = new TreeSet<>();
        cluster.placements.values().forEach(row -> sorted.add(row.toString()));
        cluster.grants.values().forEach(row -> sorted.add(row.toString()));
        cluster.decisions.values().forEach(row -> sorted.add(row.toString()));
        cluster.draining.forEach(group -> sorted.add("draining " + group));
        sorted.forEach(line -> out.append(line).append('\n'));
    }

    private static void destination(DestinationState destination, StringBuilder out) {
        out.append("destination ").append(destination.id).append(' ').append(destination.name);
        out.append(" queues ").append(destination.queues);
        out.append(" settings ").append(new TreeMap<>(destination.attributes())).append('\n');
        for (int priority = 0; priority < 10; priority++) {
            LaneState lane = destination.laneIfAny(priority);
            if (lane != null && lane.nextOffset() > 0) {
                out.append("  lane ")
                        .append(priority)
                        .append(" next ")
                        .append(lane.nextOffset())
                        .append(" messages ")
                        .append(lane.liveMessages())
                        .append(" bytes ")
                        .append(lane.liveBytes())
                        .append('\n');
            }
        }
        List<SubscriptionState> subscriptions = new ArrayList<>(destination.journalled);
        subscriptions.sort((a, b) -> Integer.compare(a.id, b.id));
        for (SubscriptionState subscription : subscriptions) {
            out.append("  subscription ").append(subscription.id).append(' ').append(subscription.clientId);
            out.append('/').append(subscription.name).append(" selector ").append(subscription.filter.text());
            out.append(subscription.noLocal ? " noLocal" : "").append(subscription.shared ? " shared\n" : "\n");
            for (Level level : subscription.levels) {
                if (level != null && !level.pending.isEmpty()) {
                    level(level, out);
                }
            }
        }
    }

    private static void level(Level level, StringBuilder out) {
        RangeBuilder ranges = new RangeBuilder();
        for (long at = level.pending.next(0, Long.MAX_VALUE, null);
                at >= 0;
                at = level.pending.next(at + 1, Long.MAX_VALUE, null)) {
            ranges.add(at);
        }
        out.append("    level ").append(level.priority).append(" pending ");
        out.append(Arrays.toString(ranges.build())).append('\n');
        level.counts
                .rows()
                .forEachSorted((row, offset) -> out.append("      ")
                        .append(offset)
                        .append(" count ")
                        .append(row.count)
                        .append(" not before ")
                        .append(row.notBeforeMs)
                        .append('\n'));
    }

    private static void branches(HeartState state, StringBuilder out) {
        TreeMap<String, String> sorted = new TreeMap<>();
        for (BranchState branch : state.branches.values()) {
            if (branch.phase == BranchState.Phase.OPEN || branch.phase == BranchState.Phase.FAILED) {
                continue;
            }
            StringBuilder text =
                    new StringBuilder().append(branch.phase).append(" since ").append(branch.sinceMs);
            branch.parts.forEach(
                    part -> text.append(' ').append(part.key).append(' ').append(part.clientId));
            branch.held.forEach(held -> text.append(" holds ")
                    .append(held.subscriptionId())
                    .append('/')
                    .append(held.lane())
                    .append(Arrays.toString(held.ranges())));
            sorted.put(branch.id.toString(), text.toString());
        }
        sorted.forEach((id, text) ->
                out.append("branch ").append(id).append(' ').append(text).append('\n'));
    }

    private static void transactions(HeartState state, StringBuilder out) {
        TreeMap<String, String> sorted = new TreeMap<>();
        for (TransactionState transaction : state.transactions.values()) {
            StringBuilder sends = new StringBuilder();
            for (int i = 0; i < transaction.staged.size(); i++) {
                TransactionState.Staged send = transaction.staged.get(i);
                if (send != null && send.journalled()) {
                    sends.append(' ').append(i).append(':').append(text(send.message()));
                }
            }
            if (!sends.isEmpty()) {
                sorted.put(transaction.key.toString(), sends.toString());
            }
        }
        sorted.forEach(
                (key, sends) -> out.append("staged ").append(key).append(sends).append('\n'));
    }

    private static String text(EncodedMessage message) {
        return message.size() + "#" + Arrays.hashCode(message.bytes());
    }
}
