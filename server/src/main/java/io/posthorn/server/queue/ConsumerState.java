package io.posthorn.server.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A consumer: what it reads, how far it may be given messages, and what is in flight to it. The broker sees its identity and a slot
 * for its own object; everything else is the heart's. Belongs to the heart's thread.
 */
public final class ConsumerState {

    /** Holds for a consumer that drains without ever having been given a window. */
    private static final int WINDOW_DEFAULT_BYTES = 4 << 20;

    private final ClientState client;
    private final int consumerId;
    private Object attachment;

    final ConsumerMode mode;
    final SubscriptionState subscription;
    final MessageFilter filter;
    /** Null for a browsing consumer. */
    SelectorGroup group;
    /** Where its turn finds messages of groups that it has and that were passed by. */
    final TreeSet<GroupLine> lines = new TreeSet<>();
    /** Dispatch: number of the subscription's dispatch in which it waits for a message of a line to be read. */
    long waitsInDispatch = -1;
    /** Null unless it browses. */
    BrowseState browse;

    final DeliveryRing inFlight = new DeliveryRing();
    final Pace pace = new Pace();
    /** Highest delivery id that may be used. */
    long limit;

    int windowMaxBytes = WINDOW_DEFAULT_BYTES;
    /** At so many unsettled deliveries it gets no more. */
    int unsettledMax = Integer.MAX_VALUE;
    /** Bytes delivered and not handed over. */
    long unhandedBytes;
    /** All deliveries up to here are handed over. */
    long handedTo;
    /** Restated deliveries that could not be given back; null when there were none. */
    TreeSet<Long> refused;
    /** Of unanswered drains, in their order; the newest one's limit holds. */
    private final List<Object> drainTokens = new ArrayList<>(0);
    /** No longer open; stays known until everything is settled. */
    boolean closed;
    /** Of a lost client: a new consumer has taken its part. */
    boolean replaced;
    /** Of a lost client: everything it had said was heard, so that what it has not marked was not seen. */
    boolean heardOut;

    ConsumerState(
            ClientState client,
            int consumerId,
            ConsumerMode mode,
            SubscriptionState subscription,
            MessageFilter filter) {
        this.client = client;
        this.consumerId = consumerId;
        this.mode = mode;
        this.subscription = subscription;
        this.filter = filter;
    }

    /** A drain has come: a client may have one while another is unanswered, and repeats both when its link was lost. */
    void beginDrain(Object token) {
        drainTokens.add(token);
    }

    /** Whether drains are unanswered. */
    boolean isDraining() {
        return !drainTokens.isEmpty();
    }

    /** Answers all unanswered drains, in their order; none is unanswered afterwards. */
    void endDrains(HeartOutput output, long lastDeliveryId, boolean endOfBrowse) {
        for (Object token : drainTokens) {
            output.drained(this, token, lastDeliveryId, endOfBrowse);
        }
        drainTokens.clear();
    }

    /** Nobody waits for answers to drains any more. */
    void forgetDrains() {
        drainTokens.clear();
    }

    public ClientState client() {
        return client;
    }

    public long connectionId() {
        return client.connectionId();
    }

    /** Number within its client. */
    public int consumerId() {
        return consumerId;
    }

    /** The broker's own object, or null. */
    public Object attachment() {
        return attachment;
    }

    public void attach(Object value) {
        attachment = value;
    }

    /** Whether it may be given one more message: credit, what is unsettled, and the byte window, which always admits one message. */
    boolean hasRoom() {
        return inFlight.last() < limit
                && inFlight.count() < unsettledMax
                && (unhandedBytes == 0 || unhandedBytes < windowMaxBytes);
    }

    /** A delivery leaves: what it took of the window is free. */
    void left(Delivery delivery) {
        subscription.inFlight--;
        delivery.restatedTo = null;
        if (delivery.group != null) {
            subscription.groups.left(delivery.group, this);
        }
        if (!delivery.handedOver) {
            unhandedBytes -= delivery.bytes;
        }
    }

    @Override
    public String toString() {
        return "consumer " + consumerId + " of connection " + connectionId() + " on " + subscription.text();
    }
}
