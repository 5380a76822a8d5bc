package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All destinations by name and id. A destination that a verb creates is <em>planned</em> until its record is replayed:
 * already an object that the verb may work with, but not yet in the table.
 */
final class DestinationTable {

    /** Ids of temporary destinations begin here, so that they never meet journalled ones. */
    private static final int TEMPORARY_FIRST = 1 << 30;

    private final DestinationState.Resources resources;
    private final SubscriptionTable subscriptions;
    private final Map<DestinationName, DestinationState> byName = new LinkedHashMap<>();
    private final LongMap<DestinationState> byId = new LongMap<>();
    private final Map<DestinationName, DestinationState> planned = new HashMap<>();
    private int lastId;
    private int lastTemporaryId = TEMPORARY_FIRST;
    private int version;

    DestinationTable(DestinationState.Resources resources, SubscriptionTable subscriptions) {
        this.resources = resources;
        this.subscriptions = subscriptions;
    }

    /** Null when there is none. */
    DestinationState find(DestinationName name) {
        return byName.get(name);
    }

    /** Null when there is none. */
    DestinationState byId(int id) {
        return byId.get(id);
    }

    /** The lane with this packed id; null when its destination is gone. */
    LaneState lane(long laneId) {
        DestinationState destination = byId.get(LaneId.destinationId(laneId));
        return destination == null ? null : destination.lane(LaneId.priority(laneId));
    }

    /**
     * A destination that does not exist yet, and the records that create it. Only to be called when the verb can no longer be
     * refused.
     *
     * @param records the new entry's records; nothing is added when an entry before it creates the destination already
     */
    DestinationState plan(DestinationName name, long now, List<JournalRecord> records) {
        return plan(name, Map.of(), now, records);
    }

    /** As above, with settings of its own. */
    DestinationState plan(DestinationName name, Map<String, String> attributes, long now, List<JournalRecord> records) {
        DestinationState earlier = planned.get(name);
        if (earlier != null) {
            return earlier;
        }
        DestinationState destination = new DestinationState(++lastId, name, 1, resources);
        destination.set(attributes, resources.defaults());
        planned.put(name, destination);
        records.add(new JournalRecord.DestinationCreated(destination.id, name, 1, now, attributes));
        if (destination.isQueue()) {
            SubscriptionState own = subscriptions.plan(
                    destination, new SubscriptionKey(null, null), MessageFilter.ALL, false, true, records);
            destination.journalled.add(own);
        }
        return destination;
    }

    /** The entry that creates it could not be written. */
    void forgetPlanned(DestinationName name) {
        planned.remove(name);
    }

    /** Replay. */
    DestinationState created(int id, DestinationName name, int queues, Map<String, String> attributes) {
        DestinationState ready = planned.remove(name);
        DestinationState destination =
                ready != null && ready.id == id ? ready : new DestinationState(id, name, queues, resources);
        destination.set(attributes, resources.defaults());
        lastId = Math.max(lastId, id);
        byName.put(name, destination);
        byId.put(id, destination);
        version++;
        return destination;
    }

    DestinationState createTemporary(DestinationName name, ClientState owner) {
        DestinationState destination = new DestinationState(++lastTemporaryId, name, 1, resources);
        destination.owner = owner;
        if (destination.isQueue()) {
            destination.volatiles.add(new SubscriptionState(
                    0, destination, new SubscriptionKey(null, null), MessageFilter.ALL, false, true));
        }
        byName.put(name, destination);
        byId.put(destination.id, destination);
        return destination;
    }

    /** Replay: other settings. */
    void changed(int id, Map<String, String> attributes) {
        DestinationState destination = byId.get(id);
        if (destination != null) {
            destination.set(attributes, resources.defaults());
        }
    }

    DestinationSettings defaults() {
        return resources.defaults();
    }

    void remove(DestinationState destination) {
        destination.dead = true;
        byName.remove(destination.name);
        byId.remove(destination.id);
        if (!destination.isTemporary()) {
            version++;
        }
    }

    /** In order of creation. */
    Iterable<DestinationState> all() {
        return byName.values();
    }

    List<DestinationInfo> infos() {
        List<DestinationInfo> infos = new ArrayList<>(byName.size());
        for (DestinationState destination : byName.values()) {
            if (!destination.isTemporary() && !BodyVerbs.isReserved(destination.name)) {
                infos.add(new DestinationInfo(destination.name, destination.queues));
            }
        }
        return infos;
    }

    int version() {
        return version;
    }
}
