package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves messages that are not journalled to disk while memory is short, and back ahead of a consumer. Their places in the order stay in
 * memory, so they come back as they came. A body leaves memory when it is known to be on disk; one that came back keeps its room there
 * until it is consumed, so it can leave again at once.
 */
final class VolatileSpill {

    private static final Logger LOG = LoggerFactory.getLogger(VolatileSpill.class);

    /** Messages that a consumer comes to soon stay, as long as there is any room. */
    private static final int NEAR_MESSAGES = 256;

    /** Smaller ones would hardly make room. */
    private static final int WORTH_BYTES = 256;

    private static final int READ_MAX = 128;
    private static final int READ_BYTES = 1 << 20;
    private static final int READS_BYTES_MAX = 16 << 20;
    /** After a refusal nothing more is tried for so many sends. */
    private static final int REFUSAL_PATIENCE = 1024;

    private final HeartOutput output;
    private final DirtyList dirty;
    private final long maxBytes;

    /** Bodies that are being written or read, by id. */
    private final LongMap<VolatileBody> underWay = new LongMap<>();
    /** Those that came back, the oldest first, with the round in which they came; one may be here several times, the last is valid. */
    private final ArrayDeque<Returned> returned = new ArrayDeque<>();
    /** Who waits for a read. */
    private final Set<SubscriptionState> awaiting = new LinkedHashSet<>();

    private long lastId;
    private long diskBytes;
    private long writingBytes;
    private long readingBytes;
    private int compactAt = 1024;
    private String refusedBecause;
    private int patience;

    private record Returned(VolatileBody body, long round) {}

    VolatileSpill(HeartOutput output, DirtyList dirty, long maxBytes) {
        this.output = output;
        this.dirty = dirty;
        this.maxBytes = maxBytes;
    }

    /** Bytes that are in memory still and about to leave. */
    long writingBytes() {
        return writingBytes;
    }

    /** Why the last message that should have been spilled was not; null when there was no such. */
    String refusedBecause() {
        return refusedBecause;
    }

    /** Whether nobody comes soon to a message that a subscription gets now. */
    static boolean isFar(SubscriptionState subscription) {
        return subscription.volatileCount > NEAR_MESSAGES;
    }

    /** Starts to write a body, if it is worth it and there is room. */
    void write(VolatileBody body) {
        EncodedMessage message = body.message();
        if (message == null || body.spilled != null || message.size() < WORTH_BYTES || maxBytes == 0) {
            return;
        }
        if (patience > 0) {
            patience--;
            return;
        }
        if (diskBytes + message.size() > maxBytes) {
            refusedBecause = "nonPersistentSpillBytes=" + maxBytes + " is reached as well";
            return;
        }
        refusedBecause = null;
        body.spilled = new VolatileBody.Spilled(++lastId, message, body.receivedMs);
        diskBytes += message.size();
        writingBytes += message.size();
        underWay.put(lastId, body);
        output.spill(lastId, message);
    }

    /** Answer to {@link HeartOutput#spill}. */
    void written(long[] ids, VolatileMemory memory) {
        for (long id : ids) {
            VolatileBody body = underWay.remove(id);
            if (body != null) {
                writingBytes -= body.spilled.size;
                body.spilled.written = true;
                if (body.taken == 0) {
                    memory.leave(body);
                } else {
                    cameBack(body, 0);
                }
            }
        }
    }

    /** The other answer. */
    void refused(long[] ids, String why) {
        refusedBecause = why;
        patience = REFUSAL_PATIENCE;
        for (long id : ids) {
            VolatileBody body = underWay.remove(id);
            if (body != null) {
                writingBytes -= body.spilled.size;
                diskBytes -= body.spilled.size;
                body.spilled = null;
            }
        }
    }

    /** Asks for a body that is not in memory, and for those behind it. */
    void read(Level level, VolatileMessage from) {
        awaiting.add(level.subscription);
        if (from.body.spilled.reading || readingBytes > READS_BYTES_MAX) {
            return;
        }
        long[] ids = new long[READ_MAX];
        int n = 0;
        int looked = 0;
        long bytes = 0;
        for (VolatileMessage next : level.waiting.tailMap(from.id).values()) {
            VolatileBody body = next.body;
            if (body.message() == null && !body.spilled.reading && !body.spilled.lost) {
                body.spilled.reading = true;
                underWay.put(body.spilled.id, body);
                ids[n++] = body.spilled.id;
                bytes += body.spilled.size;
            }
            if (n == READ_MAX || bytes >= READ_BYTES || ++looked == 2 * READ_MAX) {
                break;
            }
        }
        readingBytes += bytes;
        output.readSpilled(Arrays.copyOf(ids, n));
    }

    /** Answer to {@link HeartOutput#readSpilled}; a dispatch should follow. */
    void readDone(long[] ids, EncodedMessage[] messages, VolatileMemory memory, long round) {
        for (int i = 0; i < ids.length; i++) {
            VolatileBody body = underWay.remove(ids[i]);
            if (body == null) {
                continue;
            }
            body.spilled.reading = false;
            readingBytes -= body.spilled.size;
            if (messages[i] == null) {
                LOG.error("a non-persistent message cannot be read back; it is given up");
                body.spilled.lost = true;
            } else {
                memory.comeBack(body, messages[i]);
                cameBack(body, round);
            }
        }
        awaiting.forEach(dirty::mark);
        awaiting.clear();
    }

    /** Forgets bodies that came back in earlier rounds and were not taken, while memory is short. */
    void makeRoom(VolatileMemory memory, long round) {
        while (!returned.isEmpty() && returned.peek().round < round && memory.isShort()) {
            Returned oldest = returned.poll();
            VolatileBody body = oldest.body;
            // One that has come back again since must not leave before it could be taken, or it would come and go for
            // ever.
            boolean valid = oldest.round == body.spilled.backInRound;
            if (valid && body.holders > 0 && body.taken == 0 && body.message() != null) {
                memory.leave(body);
            }
        }
        if (returned.size() > compactAt) {
            returned.removeIf(each -> each.body.holders == 0 || each.round != each.body.spilled.backInRound);
            compactAt = Math.max(1024, 2 * returned.size());
        }
    }

    /** A body that was in flight waits again. */
    void gaveBack(VolatileBody body, long round) {
        if (body.spilled != null && body.spilled.written) {
            cameBack(body, round);
        }
    }

    private void cameBack(VolatileBody body, long round) {
        body.spilled.backInRound = round;
        returned.add(new Returned(body, round));
    }

    /** Nobody waits for a body any more. */
    void drop(VolatileBody body) {
        if (body.spilled == null) {
            return;
        }
        VolatileBody pending = underWay.remove(body.spilled.id);
        if (pending != null && body.spilled.reading) {
            readingBytes -= body.spilled.size;
        } else if (pending != null) {
            writingBytes -= body.spilled.size;
        }
        diskBytes -= body.spilled.size;
        body.message(null);
        output.dropSpilled(body.spilled.id);
    }
}
