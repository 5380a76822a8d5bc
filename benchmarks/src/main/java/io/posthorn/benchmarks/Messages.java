package io.posthorn.benchmarks;

import io.posthorn.message.BodyType;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Settlement;
import java.util.List;
import java.util.Map;

/** The messages of the benchmarks: a body of 1 KiB, as bytes, and the records that keep them. */
final class Messages {

    static final DestinationName QUEUE = DestinationName.queue("benchmark");

    /** Of the queue, which is destination 1; priority 4. */
    static final long LANE = LaneId.of(1, 0, 4);

    /** Whose place the queue's consumers read from. */
    static final int SUBSCRIPTION = 1;

    private static final int BODY_BYTES = 1024;

    private Messages() {}

    static EncodedMessage message(boolean persistent) {
        MessageHead head = new MessageHead();
        head.destination(QUEUE);
        head.persistent(persistent);
        head.bodyType(BodyType.BYTES);
        return EncodedMessage.encode(head, new byte[BODY_BYTES]);
    }

    /** The queue itself, as the first entry of a store. */
    static List<JournalRecord> queue() {
        return List.of(
                new JournalRecord.DestinationCreated(1, QUEUE, 1, 1, Map.of()),
                new JournalRecord.SubscriptionCreated(SUBSCRIPTION, 1, null, null, null, false, false));
    }

    static List<JournalRecord> published(EncodedMessage message, long offset) {
        return List.of(new JournalRecord.Published(LANE, offset, 1, 0, 0, new int[] {SUBSCRIPTION}, message));
    }

    /** All offsets from…to are consumed. */
    static List<JournalRecord> settled(long from, long to) {
        return List.of(
                new JournalRecord.Settled(List.of(new Settlement(SUBSCRIPTION, LANE, new long[] {from, to}, true))));
    }
}
