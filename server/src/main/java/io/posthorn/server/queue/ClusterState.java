package io.posthorn.server.queue;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.server.store.JournalRecord.ClusterRecord;
import io.posthorn.server.store.JournalRecord.DecisionMade;
import io.posthorn.server.store.JournalRecord.DestinationPlaced;
import io.posthorn.server.store.JournalRecord.GroupDrained;
import io.posthorn.server.store.JournalRecord.SubscriptionGranted;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * What this broker knows as the directory of its cluster, and as the coordinator of transactions over several broker groups. Journalled, but for
 * {@link #coordinated} and {@link #shared}.
 */
final class ClusterState {

    /** Destinations that lie elsewhere, or not only here; those that lie here alone are simply there. */
    final Map<DestinationName, DestinationPlaced> placements = new LinkedHashMap<>();

    final Map<SubscriptionKey, SubscriptionGranted> grants = new HashMap<>();
    final TreeSet<String> draining = new TreeSet<>();
    /** Decisions that some group has not confirmed. */
    final Map<BranchId, DecisionMade> decisions = new LinkedHashMap<>();

    /** Transactions that are announced and not decided, with the client that alone can decide them. */
    final Map<BranchId, ClientState> coordinated = new HashMap<>();

    /** Names of shared subscriptions that are not durable, while somebody holds them. */
    final Map<SubscriptionKey, SharedName> shared = new HashMap<>();

    /** Rises with every change of a placement. */
    long changes;

    /** Replay. */
    void apply(ClusterRecord record) {
        if (record instanceof DestinationPlaced r) {
            put(placements, r.name(), r);
            changes++;
        } else if (record instanceof SubscriptionGranted r) {
            put(grants, new SubscriptionKey(r.clientId(), r.name()), r);
        } else if (record instanceof GroupDrained r) {
            if (r.draining()) {
                draining.add(r.group());
            } else {
                draining.remove(r.group());
            }
            changes++;
        } else {
            DecisionMade r = (DecisionMade) record;
            put(decisions, r.branch(), r);
        }
    }

    private static <K, R extends ClusterRecord> void put(Map<K, R> rows, K key, R row) {
        if (row.isGone()) {
            rows.remove(key);
        } else {
            rows.put(key, row);
        }
    }

    /** A client has gone: nobody can decide any more what it had announced, and it holds no names. */
    void forget(ClientState client) {
        if (!shared.isEmpty()) {
            shared.values().removeIf(name -> {
                name.holders.removeIf(holder -> holder.client() == client);
                return name.holders.isEmpty();
            });
        }
        if (!coordinated.isEmpty()) {
            coordinated.values().removeIf(owner -> owner == client);
        }
    }
}
