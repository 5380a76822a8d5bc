package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The journalled messages of one lane: how far it has come, what of it is visible, and which bodies are in memory. Who waits for
 * which message is the subscriptions' business.
 */
final class LaneState {

    private static final int SHIFT = Long.numberOfTrailingZeros(Store.BLOCK_MESSAGES);

    final long id;
    final DestinationState destination;
    /** Reads that are under way. */
    final List<ReadRequest> reads = new ArrayList<>(2);

    private final HotMemory hot;
    private final BodyTable bodies;
    /** Whether messages stay in memory at all; chunks of large bodies do not. */
    private final boolean keepsHot;

    private final BlockList<Chunk> chunks = new BlockList<>();
    private final TreeSet<Long> missing = new TreeSet<>();
    private long nextOffset;
    private long plannedOffset;
    private long visibleOffset;
    private long liveMessages;
    private long liveBytes;
    private int typicalBytes = 64 << 10;
    /** No body that was ever in memory expires before this. */
    private long earliestExpiryMs = Long.MAX_VALUE;

    LaneState(DestinationState destination, int priority, HotMemory hot, BodyTable bodies) {
        this.id = LaneId.of(destination.id, 0, priority);
        this.destination = destination;
        this.hot = hot;
        this.bodies = bodies;
        this.keepsHot = !BodyVerbs.isReserved(destination.name);
    }

    /** First offset not given away. */
    long nextOffset() {
        return nextOffset;
    }

    /** First offset not given away, counting records that are not replayed yet. */
    long upcomingOffset() {
        return Math.max(nextOffset, plannedOffset);
    }

    /** Gives away an offset; the record that says so must be replayed next. */
    long allocate() {
        plannedOffset = upcomingOffset() + 1;
        return plannedOffset - 1;
    }

    /** Messages below it are committed. */
    long visibleOffset() {
        return visibleOffset;
    }

    void visibleTo(long offset) {
        visibleOffset = Math.max(visibleOffset, offset);
    }

    /** Row of a snapshot: everything so far is committed. */
    void restore(long next) {
        nextOffset = next;
        visibleOffset = next;
    }

    /** A message gets its place. Its subscriptions are added by {@link #addWaiting}. */
    void place(long offset) {
        if ((offset & Store.BLOCK_MESSAGES - 1) == 0 && offset > 0) {
            dropIfDead(offset - 1 >>> SHIFT);
        }
        nextOffset = offset + 1;
    }

    /**
     * Remembers where a message is to be found.
     *
     * @param position where it lies in the journal, 0 or less when not there
     * @param origin   where it may be until a checkpoint passes {@code placed}; null for nowhere else
     * @param placed   position of the record that gave it its place
     */
    void locate(long offset, long position, Origin origin, long placed) {
        Chunk chunk = chunk(offset);
        if (position > 0) {
            chunk.putPosition(offset, position);
        }
        if (origin != null) {
            chunk.putOrigin(offset, origin, placed);
        }
    }

    /** Keeps a body in memory, if there is room. */
    void keep(long offset, EncodedMessage message, long atMs) {
        if (keepsHot && hot.fits(message)) {
            admit(chunk(offset), offset, message, atMs);
        }
    }

    /** A body that was read back; ignored when nobody waits for it any more or it is there. */
    void readBack(long offset, EncodedMessage message, long atMs, long round) {
        Chunk chunk = chunks.get(offset >>> SHIFT);
        if (chunk == null || chunk.message(offset) != null) {
            return;
        }
        chunk.readInRound = round;
        admit(chunk, offset, message, atMs);
    }

    /** The store has not got this message. */
    void markMissing(long offset) {
        missing.add(offset);
    }

    boolean isMissing(long offset) {
        return !missing.isEmpty() && missing.contains(offset);
    }

    /** One more subscription waits for a message. */
    void addWaiting(long offset) {
        Chunk chunk = chunk(offset);
        if (destination.name.kind().isQueue() || chunk.addReference(offset)) {
            chunk.live++;
            liveMessages++;
            liveBytes += chunk.size(offset);
        }
    }

    /** One more subscription waits for all messages of a block whose bit is set. */
    void addWaiting(long number, long[] bits, int count) {
        if (destination.name.kind().isQueue()) {
            Chunk chunk = chunk(number << SHIFT);
            chunk.live += count;
            liveMessages += count;
            addBytes(chunk, bits);
            return;
        }
        for (int word = 0; word < bits.length; word++) {
            for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
                addWaiting((number << SHIFT) + word * 64L + Long.numberOfTrailingZeros(rest));
            }
        }
    }

    private void addBytes(Chunk chunk, long[] bits) {
        for (int word = 0; word < bits.length && chunk.hasSizes(); word++) {
            for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
                liveBytes += chunk.size(word * 64 + Long.numberOfTrailingZeros(rest));
            }
        }
    }

    /** How many messages somebody waits for. */
    long liveMessages() {
        return liveMessages;
    }

    /** Bytes of these. */
    long liveBytes() {
        return liveBytes;
    }

    /** The size of a message, before anybody waits for it. */
    void size(long offset, int bytes) {
        chunk(offset).putSize(offset, bytes);
    }

    /** Row of a snapshot, before anybody waits for anything of its block. */
    void restoreSizes(long number, int[] sizes) {
        chunk(number << SHIFT).restoreSizes(sizes);
    }

    /** How many subscriptions wait for a message that at least one waits for. */
    int waiting(long offset) {
        if (destination.name.kind().isQueue()) {
            return 1;
        }
        Chunk chunk = chunks.get(offset >>> SHIFT);
        return chunk == null ? 0 : chunk.references(offset);
    }

    /** One subscription fewer waits for it; with the last one the message goes. */
    void removeWaiting(long offset) {
        long number = offset >>> SHIFT;
        Chunk chunk = chunks.get(number);
        if (!destination.name.kind().isQueue() && !chunk.removeReference(offset)) {
            return;
        }
        EncodedMessage dropped = chunk.dropMessage(offset);
        if (dropped != null) {
            hot.remove(dropped);
        }
        if (!missing.isEmpty()) {
            missing.remove(offset);
        }
        bodies.freed(id, offset);
        chunk.live--;
        liveMessages--;
        liveBytes -= chunk.size(offset);
        destination.roomMade();
        if (chunk.live == 0) {
            dropIfDead(number);
        }
    }

    /** The body, or null when it is not in memory. */
    EncodedMessage message(long offset) {
        Chunk chunk = chunks.get(offset >>> SHIFT);
        return chunk == null ? null : chunk.message(offset);
    }

    /** When a body in memory was received. */
    long receivedMs(long offset) {
        return chunks.get(offset >>> SHIFT).receivedMs(offset);
    }

    long position(long offset, long checkpoint) {
        Chunk chunk = chunks.get(offset >>> SHIFT);
        return chunk == null ? -1 : chunk.position(offset, checkpoint);
    }

    /** Where a message came from, as long as it may be there; else null. */
    Origin origin(long offset) {
        Chunk chunk = chunks.get(offset >>> SHIFT);
        return chunk == null ? null : chunk.origin(offset);
    }

    /** Whether it is worth looking for expired messages. */
    boolean mayExpire(long now) {
        return earliestExpiryMs <= now;
    }

    /** Size of a usual message here, for sizing reads. */
    int typicalBytes() {
        return typicalBytes;
    }

    /** Positions below the checkpoint are not needed any more. */
    void checkpointed(long checkpoint) {
        for (int i = 0; i < chunks.size(); i++) {
            chunks.at(i).checkpointed(checkpoint);
        }
    }

    /** Chunks with bodies in memory, for eviction. */
    BlockList<Chunk> chunks() {
        return chunks;
    }

    /** Forgets one body, if it is there. */
    void evict(Chunk chunk, long offset) {
        EncodedMessage dropped = chunk.dropMessage(offset);
        if (dropped != null) {
            hot.remove(dropped);
        }
    }

    /** Forgets the head of a message whose body was left where it is: it is to be read anew, whole. */
    void forget(long offset) {
        Chunk chunk = chunks.get(offset >>> SHIFT);
        if (chunk != null) {
            evict(chunk, offset);
        }
    }

    /** Forgets the bodies of a chunk. */
    void evict(Chunk chunk) {
        for (int i = 0; chunk.hot > 0; i++) {
            EncodedMessage dropped = chunk.dropMessage(i);
            if (dropped != null) {
                hot.remove(dropped);
            }
        }
        chunk.dropArrays();
    }

    /** The lane is going, with all its messages. */
    void clear() {
        for (int i = 0; i < chunks.size(); i++) {
            evict(chunks.at(i));
        }
        chunks.clear();
        missing.clear();
        liveMessages = 0;
        liveBytes = 0;
    }

    private void admit(Chunk chunk, long offset, EncodedMessage message, long atMs) {
        chunk.putMessage(offset, message, atMs);
        hot.add(message);
        typicalBytes += (message.size() - typicalBytes) / 8;
        if (message.expirationMs() != 0) {
            earliestExpiryMs = Math.min(earliestExpiryMs, Expiry.expiresMs(message, atMs));
        }
    }

    private Chunk chunk(long offset) {
        long number = offset >>> SHIFT;
        Chunk chunk = chunks.get(number);
        if (chunk == null) {
            chunk = new Chunk(number << SHIFT);
            chunks.add(number, chunk);
        }
        return chunk;
    }

    private void dropIfDead(long number) {
        Chunk chunk = chunks.get(number);
        // The chunk that new messages go to stays, or a queue that is always nearly empty would allocate without end.
        if (chunk != null && chunk.live == 0 && number < nextOffset >>> SHIFT) {
            chunks.remove(number);
        }
    }
}
