package io.posthorn.server.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A subscription: the set of messages somebody still has to get, and who reads it. A queue has exactly one, without a name.
 * Journalled ones (queues' and durable ones) have an id; volatile ones have id 0 and vanish with their consumers.
 */
final class SubscriptionState {

    final int id;
    final DestinationState destination;
    final String clientId;
    /** Null for a queue's own and for unnamed ones. */
    final String name;

    final MessageFilter filter;
    final boolean noLocal;
    final boolean shared;

    /** By priority; null where nothing was ever seen. */
    final Level[] levels = new Level[10];

    /** Open consumers that take messages, in order of opening. */
    final List<ConsumerState> consumers = new ArrayList<>(1);

    final List<ConsumerState> browsers = new ArrayList<>(0);
    /** For noLocal of a volatile one: whose it is. Null otherwise. */
    ClientState owner;
    /** Consumers of lost clients that still hold a claim; keeps a volatile subscription alive. */
    int reservations;
    /** Deliveries out, of open, closed and lost consumers. */
    int inFlight;
    /** Messages that branches of global transactions have consumed and not decided about. */
    int held;
    /** What its messages in memory take, those in flight included, each counted whole; kept by {@link VolatileMemory}. */
    long volatileBytes;
    /** Messages that wait in memory. */
    int volatileCount;
    /** Messages dropped because a non-durable subscription was full. */
    long dropped;
    /** Why it is about to be disconnected; null when it is not. */
    String slowText;
    /** Nothing must be put here or be taken any more. */
    boolean dead;
    /** In the queue of those to dispatch. */
    boolean dirty;
    /** Dispatch: whose turn it is. */
    int turn;

    /** Nothing is delivered before; see {@link Patience}. */
    long pausedUntilMs;

    /** Dispatches so far. */
    long dispatches;
    /** Null until the first message with a group was come across. */
    GroupTable groups;

    private long referencesAskedIn = -1;
    private boolean takesReferences;

    private final Map<String, SelectorGroup> selectorGroups = new LinkedHashMap<>(2);

    SubscriptionState(
            int id,
            DestinationState destination,
            SubscriptionKey key,
            MessageFilter filter,
            boolean noLocal,
            boolean shared) {
        this.id = id;
        this.destination = destination;
        this.clientId = key.clientId();
        this.name = key.name();
        this.filter = filter;
        this.noLocal = noLocal;
        this.shared = shared;
    }

    /** Whether its messages count at the destination's limits; others have limits of their own. */
    boolean countsAtDestination() {
        return isJournalled() || destination.isQueue();
    }

    /**
     * Why it takes no more messages in memory, being a non-durable one.
     *
     * @param size of the next one
     * @return null when it does
     */
    String tooSlow(int size) {
        if (countsAtDestination()) {
            return null;
        }
        DestinationSettings settings = destination.settings();
        if (volatileCount >= settings.slowConsumerMaxMessages()) {
            return "slowConsumerMaxMessages=" + settings.slowConsumerMaxMessages() + " of " + destination.name
                    + " is reached by a subscriber that is too slow";
        }
        long max = settings.slowConsumerMaxBytes();
        return max > 0 && volatileBytes + size > max && volatileCount > 0
                ? "slowConsumerMaxBytes=" + max + " of " + destination.name
                        + " is reached by a subscriber that is too slow"
                : null;
    }

    boolean isJournalled() {
        return id != 0;
    }

    /**
     * Whether everybody who reads it may be told where a body is, instead of being given it.
     *
     * @param round of dispatch, within which the answer stays the same
     */
    boolean takesReferences(long round) {
        if (referencesAskedIn != round) {
            referencesAskedIn = round;
            takesReferences = all(consumers) && all(browsers);
        }
        return takesReferences;
    }

    private static boolean all(List<ConsumerState> readers) {
        for (int i = 0; i < readers.size(); i++) {
            if (!readers.get(i).client().takesReferences()) {
                return false;
            }
        }
        return true;
    }

    SubscriptionKey key() {
        return new SubscriptionKey(clientId, name);
    }

    Level level(int priority) {
        Level level = levels[priority];
        if (level == null) {
            level = new Level(this, priority);
            levels[priority] = level;
        }
        return level;
    }

    boolean isPaused(long now) {
        return now < pausedUntilMs && pausedUntilMs - now <= Patience.PAUSE_MS;
    }

    boolean isWatched() {
        return !consumers.isEmpty() || !browsers.isEmpty();
    }

    SelectorGroup join(MessageFilter wanted) {
        SelectorGroup group = selectorGroups.computeIfAbsent(wanted.text(), text -> new SelectorGroup(wanted));
        group.grouped = groups != null;
        group.consumers++;
        return group;
    }

    void leave(SelectorGroup group) {
        if (--group.consumers > 0) {
            return;
        }
        if (groups != null) {
            groups.left(group);
        }
        // The group without a selector costs nothing to keep, and keeps its place.
        if (!group.filter.isAll()) {
            selectorGroups.remove(group.filter.text());
        } else if (groups != null) {
            group.reset();
        }
    }

    Collection<SelectorGroup> selectorGroups() {
        return selectorGroups.values();
    }

    /** Its message groups from now on. */
    GroupTable groups(DirtyList dirty) {
        if (groups == null) {
            groups = new GroupTable(this, dirty);
            for (SelectorGroup group : selectorGroups.values()) {
                group.grouped = true;
            }
        }
        return groups;
    }

    /** Starts a dispatch round. */
    void beginRound() {
        dispatches++;
        for (SelectorGroup group : selectorGroups.values()) {
            group.beginRound();
        }
    }

    void returned(Level level, long offset) {
        for (SelectorGroup group : selectorGroups.values()) {
            group.returned(level.priority, offset);
        }
    }

    void returnedVolatile(Level level, long messageId) {
        for (SelectorGroup group : selectorGroups.values()) {
            group.returnedVolatile(level.priority, messageId);
        }
    }

    /** Where the hindmost of those who read a priority looks next; Long.MAX_VALUE when nobody does. */
    long readFrom(int priority) {
        long from = Long.MAX_VALUE;
        for (SelectorGroup group : selectorGroups.values()) {
            if (group.consumers > 0) {
                from = Math.min(from, group.cursor(priority).offset);
            }
        }
        return from;
    }

    /** Whether a group looks at this chunk of a level, or will next. */
    boolean isNear(Level level, long chunkOffset, int chunkSize) {
        for (SelectorGroup group : selectorGroups.values()) {
            long at = group.cursor(level.priority).offset;
            if (group.consumers > 0 && at >= chunkOffset - chunkSize && at < chunkOffset + chunkSize) {
                return true;
            }
        }
        return false;
    }

    /** For logs and refusals. */
    String text() {
        return name == null ? destination.name.toString() : key().text() + " on " + destination.name;
    }
}
