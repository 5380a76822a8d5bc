package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A queue or topic: its lanes and its subscriptions. Temporary ones are never journalled. */
final class DestinationState {

    private static final int[] NOBODY = {};
    /** Attribute of a destination that takes no new messages here, because other broker groups do. */
    static final String CLOSED = "closed";

    final int id;
    final DestinationName name;
    final int queues;
    /** Whose temporary destination it is; null for others. Changes when a client resumes. */
    ClientState owner;
    /** Deleted; whoever still holds it must not use it. */
    boolean dead;

    /** The queue's own subscription, or the durable ones of a topic. */
    final List<SubscriptionState> journalled = new ArrayList<>(1);
    /** Non-durable ones; the own subscription of a temporary queue. */
    final List<SubscriptionState> volatiles = new ArrayList<>(0);

    /** What it has in memory and in open transactions; the lanes count the rest. */
    final Usage usage = new Usage();

    /** What was set for it; the defaults hold for the rest. */
    private Map<String, String> attributes;

    private DestinationSettings settings;
    private boolean closed;
    private final RoomCounter room;
    private final LaneState[] lanes = new LaneState[10];
    private final HotMemory hot;
    private final BodyTable bodies;

    DestinationState(int id, DestinationName name, int queues, Resources resources) {
        this.id = id;
        this.name = name;
        this.queues = queues;
        this.hot = resources.hot;
        this.bodies = resources.bodies;
        this.room = resources.room;
        set(Map.of(), resources.defaults);
    }

    /** What all destinations share. */
    record Resources(HotMemory hot, BodyTable bodies, RoomCounter room, DestinationSettings defaults) {}

    /** New settings; journalled. */
    void set(Map<String, String> newAttributes, DestinationSettings defaults) {
        attributes = Map.copyOf(newAttributes);
        settings = defaults.withKnown(newAttributes);
        closed = attributes.containsKey(CLOSED);
        room.made();
    }

    Map<String, String> attributes() {
        return attributes;
    }

    /** Whether it only goes on to be emptied. */
    boolean isClosed() {
        return closed;
    }

    DestinationSettings settings() {
        return settings;
    }

    /** Messages it has, see {@link Usage}. */
    long messages() {
        long messages = usage.messages();
        for (LaneState lane : lanes) {
            messages += lane == null ? 0 : lane.liveMessages();
        }
        return messages;
    }

    /** Bytes of these. */
    long bytes() {
        long bytes = usage.bytes();
        for (LaneState lane : lanes) {
            bytes += lane == null ? 0 : lane.liveBytes();
        }
        return bytes;
    }

    /** A message has left it. */
    void roomMade() {
        room.made();
    }

    boolean isTemporary() {
        return name.kind().isTemporary();
    }

    boolean isQueue() {
        return name.kind().isQueue();
    }

    LaneState lane(int priority) {
        LaneState lane = lanes[priority];
        if (lane == null) {
            lane = new LaneState(this, priority, hot, bodies);
            lanes[priority] = lane;
        }
        return lane;
    }

    /** Null where no message of this priority was ever seen. */
    LaneState laneIfAny(int priority) {
        return lanes[priority];
    }

    /** The subscription of a queue. */
    SubscriptionState queueSubscription() {
        return isTemporary() ? volatiles.get(0) : journalled.get(0);
    }

    /** Ids of the journalled subscriptions that get a message. */
    int[] recipients(EncodedMessage message, ClientState publisher) {
        if (isTemporary() || journalled.isEmpty()) {
            return NOBODY;
        }
        if (isQueue()) {
            return new int[] {journalled.get(0).id};
        }
        int[] ids = new int[journalled.size()];
        int n = 0;
        for (SubscriptionState subscription : journalled) {
            if (wants(subscription, message, publisher)) {
                ids[n++] = subscription.id;
            }
        }
        return n == 0 ? NOBODY : Arrays.copyOf(ids, n);
    }

    /**
     * Subscriptions that get a message in memory only.
     *
     * @param asJournalled whether the journalled ones get it from the journal
     */
    List<SubscriptionState> volatileRecipients(EncodedMessage message, ClientState publisher, boolean asJournalled) {
        if (isQueue()) {
            return asJournalled && !isTemporary() ? List.of() : List.of(queueSubscription());
        }
        if (volatiles.isEmpty() && (asJournalled || journalled.isEmpty())) {
            return List.of();
        }
        List<SubscriptionState> found = new ArrayList<>(volatiles.size());
        for (SubscriptionState subscription : volatiles) {
            if (wants(subscription, message, publisher)) {
                found.add(subscription);
            }
        }
        if (!asJournalled) {
            for (SubscriptionState subscription : journalled) {
                if (wants(subscription, message, publisher)) {
                    found.add(subscription);
                }
            }
        }
        return found;
    }

    /** Whether a subscription takes more than its share of the memory. */
    boolean isHeavy(VolatileMemory memory) {
        return anyHeavy(journalled, memory) || anyHeavy(volatiles, memory);
    }

    private static boolean anyHeavy(List<SubscriptionState> subscriptions, VolatileMemory memory) {
        for (int i = 0; i < subscriptions.size(); i++) {
            if (memory.isHeavy(subscriptions.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean wants(SubscriptionState subscription, EncodedMessage message, ClientState publisher) {
        if (subscription.noLocal && publisher != null) {
            boolean own = subscription.owner == publisher
                    || subscription.clientId != null && subscription.clientId.equals(publisher.clientId());
            if (own) {
                return false;
            }
        }
        return subscription.filter.matches(message);
    }
}
