package io.posthorn.server.queue;

import io.posthorn.message.BodyType;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.message.MessageHead;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.Settlement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bodies of large messages. Their chunks are messages of a queue of the broker's own ({@link LargeBody#CHUNKS}), so that the store keeps,
 * reads and frees them like any other; nobody consumes them, and they never stay in memory. A chunk waits there until the last message that
 * refers to its body is gone ({@link BodyTable}), and is then settled.
 *
 * <p>An upload belongs to the client that has begun it, is taken over with its other state, and ends with it. It does not survive a
 * restart: then its client begins anew.
 */
final class BodyVerbs {

    /** Most uploads that a client may have open: one for each of its sessions. */
    static final int UPLOADS_MAX = 1_024;

    private static final int PRIORITY = 4;

    private final HeartState state;
    private final SendVerbs sends;

    BodyVerbs(HeartState state, SendVerbs sends) {
        this.state = state;
        this.sends = sends;
    }

    /** Whether a name belongs to the broker, so that no client may use it. */
    static boolean isReserved(DestinationName name) {
        return LargeBody.CHUNKS.equals(name);
    }

    static Refusal reserved(DestinationName name) {
        return new Refusal(RefusalKind.INVALID_DESTINATION, "the name " + name + " is reserved");
    }

    Outcome<DeliveryRef> put(ClientState client, long uploadId, long bodyLength, int index, byte[] bytes, long now) {
        Upload upload = client.uploads.get(uploadId);
        Refusal refusal = checkPut(client, upload, bodyLength, index, bytes);
        if (refusal != null) {
            return Outcome.refused(refusal);
        }
        if (upload != null && index < upload.count()) {
            return new Outcome<>(List.of(), new DeliveryRef(lane(), upload.offset(index)), null, true);
        }
        Upload current = upload != null ? upload : new Upload(uploadId, bodyLength, client);
        if (upload == null) {
            client.uploads.put(uploadId, current);
        }
        List<JournalRecord> entry = new ArrayList<>(3);
        DestinationState queue = state.destinations.find(LargeBody.CHUNKS);
        if (queue == null) {
            queue = state.destinations.plan(LargeBody.CHUNKS, now, entry);
        }
        EncodedMessage chunk = chunk(bytes);
        JournalRecord.Published record = sends.publish(queue, 0, 0, queue.recipients(chunk, null), chunk, now);
        entry.add(record);
        // Only then is it part of the upload: there may be no room for it.
        state.continuations.after(entry, position -> current.add(record.offset()));
        return new Outcome<>(List.of(entry), new DeliveryRef(record.lane(), record.offset()), null, false);
    }

    private Refusal checkPut(ClientState client, Upload upload, long bodyLength, int index, byte[] bytes) {
        if (!client.isOpen()) {
            return new Refusal(RefusalKind.ILLEGAL_STATE, client + " is closed");
        }
        long max = Math.min(state.config.message().maxBytes(), LargeBody.BYTES_MAX);
        if (bodyLength > max) {
            return new Refusal(
                    RefusalKind.INVALID_MESSAGE,
                    "a message with a body of " + bodyLength + " bytes is over maxMessageSize=" + max);
        }
        if (upload == null ? index > 0 : index > upload.count()) {
            return new Refusal(
                    RefusalKind.BODY_LOST, "the broker has not got what comes before chunk " + index + " of a body");
        }
        if (bodyLength < 1
                || upload != null && upload.length != bodyLength
                || index >= LargeBody.chunks(bodyLength)
                || bytes.length != LargeBody.chunkBytes(bodyLength, index)) {
            return new Refusal(
                    RefusalKind.INVALID_MESSAGE,
                    "chunk " + index + " of a body of " + bodyLength + " bytes has " + bytes.length + " bytes");
        }
        return upload != null || client.uploads.size() < UPLOADS_MAX
                ? null
                : new Refusal(
                        RefusalKind.RESOURCE_EXHAUSTED,
                        client + " is sending " + UPLOADS_MAX + " large messages at a time, the limit");
    }

    private static EncodedMessage chunk(byte[] bytes) {
        MessageHead head = new MessageHead();
        head.destination(LargeBody.CHUNKS);
        head.bodyType(BodyType.BYTES);
        head.persistent(true);
        head.priority(PRIORITY);
        return EncodedMessage.encode(head, bytes);
    }

    /** Why a message may not refer to its large body, or null when it may. */
    Refusal check(ClientState client, EncodedMessage message) {
        LargeBody body;
        try {
            body = message.largeBody();
        } catch (MalformedMessageException malformed) {
            return new Refusal(RefusalKind.INVALID_MESSAGE, malformed.getMessage());
        }
        for (Upload upload : client.uploads.values()) {
            if (upload.count() > 0
                    && upload.offset(0) == body.firstOffset()
                    && body.lane() == lane()
                    && upload.fits(body)
                    && isThere(body.firstOffset())) {
                return null;
            }
        }
        return new Refusal(
                RefusalKind.BODY_LOST, "the broker has not got the body of the message to " + message.destination());
    }

    Outcome<Void> end(ClientState client, long uploadId) {
        Upload upload = client.uploads.remove(uploadId);
        List<JournalRecord> records = new ArrayList<>(1);
        if (upload != null) {
            drop(upload, records);
        }
        return records.isEmpty() ? Outcome.done() : new Outcome<>(List.of(records), null, null, false);
    }

    /** A client is gone for good: what it has not made part of a message goes. */
    void abandon(ClientState client, List<JournalRecord> records) {
        client.uploads.values().forEach(upload -> drop(upload, records));
        client.uploads.clear();
    }

    /** A client carries on with what another one had. */
    static void takeOver(ClientState client, ClientState earlier) {
        client.uploads.putAll(earlier.uploads);
        earlier.uploads.clear();
    }

    private void drop(Upload upload, List<JournalRecord> records) {
        if (upload.count() > 0 && !state.bodies.isHeld(upload.offset(0))) {
            settle(upload.ranges(), records);
        }
    }

    /**
     * Where to read a chunk.
     *
     * @return null when it is not there
     */
    ReadRequest locate(long laneId, long offset) {
        Level level = level();
        return level != null && laneId == level.lane.id && level.pending.get(offset)
                ? new ReadRequest(
                        laneId,
                        new long[] {offset},
                        new long[] {level.lane.position(offset, state.checkpoint)},
                        new Origin[] {null})
                : null;
    }

    /** Settles the chunks that no message refers to any more. */
    void sweep(List<List<JournalRecord>> entries) {
        for (long[] ranges : state.bodies.takeUnheld()) {
            List<JournalRecord> records = new ArrayList<>(1);
            settle(ranges, records);
            if (!records.isEmpty()) {
                entries.add(records);
            }
        }
    }

    /** After a restart: settles the chunks that belong to no message. */
    void dropOrphans(List<List<JournalRecord>> entries) {
        Level level = level();
        if (level == null) {
            return;
        }
        BitBlocks held = state.bodies.held();
        RangeBuilder orphans = new RangeBuilder();
        for (long at = level.pending.next(0, Long.MAX_VALUE, held);
                at >= 0;
                at = level.pending.next(at + 1, Long.MAX_VALUE, held)) {
            orphans.add(at);
        }
        if (orphans.length() > 0) {
            long[] ranges = orphans.build();
            for (int from = 0; from < ranges.length; from += Ledger.RANGES_MAX) {
                long[] part = Arrays.copyOfRange(ranges, from, Math.min(ranges.length, from + Ledger.RANGES_MAX));
                entries.add(List.of(settled(level, part)));
            }
        }
    }

    private void settle(long[] ranges, List<JournalRecord> records) {
        Level level = level();
        // A message that was consumed before its upload ended has taken them along.
        if (level != null && isThere(ranges[0])) {
            records.add(settled(level, ranges));
        }
    }

    private static JournalRecord settled(Level level, long[] ranges) {
        return new JournalRecord.Settled(List.of(new Settlement(level.subscription.id, level.lane.id, ranges, true)));
    }

    private boolean isThere(long offset) {
        Level level = level();
        return level != null && level.pending.get(offset);
    }

    private long lane() {
        DestinationState queue = state.destinations.find(LargeBody.CHUNKS);
        return queue == null ? -1 : LaneId.of(queue.id, 0, PRIORITY);
    }

    private Level level() {
        DestinationState queue = state.destinations.find(LargeBody.CHUNKS);
        return queue == null ? null : queue.queueSubscription().level(PRIORITY);
    }
}
