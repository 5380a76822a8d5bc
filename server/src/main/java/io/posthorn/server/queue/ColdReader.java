package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.Store;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Fetches bodies that are not in memory: in batches, a few at a time per lane, ahead of a consumer that has credit. And makes
 * room again: bodies far from any consumer are forgotten when memory is full.
 *
 * <p>Of messages that its readers can fetch from a Slave the store gives the head alone. That is all the broker needs to find out who gets
 * what (selectors, groups, expiry and priority look at nothing else); it goes out as a reference, which its reader resolves. The message stays
 * where it is meanwhile, for it is not settled. Who cannot resolve references, and a dead letter, need the whole: then the head is forgotten and
 * the message is read anew.
 */
final class ColdReader {

    private static final int BATCH_MAX = 128;
    private static final int BATCH_BYTES = 4 << 20;
    private static final int READS_PER_LANE_MAX = 4;
    /** How far a batch looks ahead for messages, in offsets. */
    private static final int LOOK_AHEAD_MAX = 4096;
    /** A store that could not be read is asked again after so long. */
    private static final long RETRY_MS = 1_000;

    /** Refused admissions after which a failed eviction is tried again. */
    private static final int EVICTION_PATIENCE = 1024;

    private final HeartState state;
    private final DeadLetters deadLetters;
    private int patience;
    /** Where reads have failed, and when to try again. */
    private final Set<DestinationState> failed = new LinkedHashSet<>();

    private long retryMs = Long.MAX_VALUE;

    ColdReader(HeartState state, DeadLetters deadLetters) {
        this.state = state;
        this.deadLetters = deadLetters;
    }

    /**
     * A message for whoever reads a level now, if it is in memory: whole, or its head, when all of them take references and the broker
     * itself needs no more of it.
     *
     * @return null when it has to be read first, or is missing
     */
    EncodedMessage message(Level level, long offset) {
        EncodedMessage known = level.lane.message(offset);
        if (known == null
                || known.isWhole()
                || level.subscription.takesReferences(state.round) && !deadLetters.awaits(level, offset)) {
            return known;
        }
        level.lane.forget(offset);
        return null;
    }

    /** Asks for a body and those behind it, unless it is being read already. */
    void request(Level level, long offset) {
        LaneState lane = level.lane;
        for (ReadRequest read : lane.reads) {
            if (Arrays.binarySearch(read.offsets(), offset) >= 0) {
                return;
            }
        }
        if (lane.reads.size() >= READS_PER_LANE_MAX) {
            return;
        }
        int max = Math.max(1, Math.min(BATCH_MAX, BATCH_BYTES / Math.max(1, lane.typicalBytes())));
        long[] offsets = new long[max];
        long[] positions = new long[max];
        Origin[] origins = new Origin[max];
        int n = 0;
        long limit = Math.min(lane.visibleOffset(), offset + LOOK_AHEAD_MAX);
        for (long at = offset; at >= 0 && n < max; at = level.pending.next(at + 1, limit, level.taken)) {
            if (lane.message(at) == null && !lane.isMissing(at)) {
                offsets[n] = at;
                origins[n] = lane.origin(at);
                positions[n++] = lane.position(at, state.checkpoint);
            }
        }
        ReadRequest request = new ReadRequest(
                lane.id,
                Arrays.copyOf(offsets, n),
                Arrays.copyOf(positions, n),
                Arrays.copyOf(origins, n),
                headsWillDo(level, offset));
        lane.reads.add(request);
        state.output.read(request);
    }

    /** Whether nobody needs the body here: all readers of the lane take references, and the message does not become a dead letter. */
    private boolean headsWillDo(Level level, long offset) {
        for (SubscriptionState subscription : level.lane.destination.journalled) {
            if (!subscription.takesReferences(state.round)) {
                return false;
            }
        }
        return !deadLetters.awaits(level, offset);
    }

    /** The store could not be read: those who wait ask again, later. */
    void readFailed(ReadRequest request, long now) {
        LaneState lane = state.destinations.lane(request.lane());
        if (lane != null && lane.reads.removeIf(read -> read == request)) {
            failed.add(lane.destination);
            retryMs = Math.min(retryMs, now + RETRY_MS);
        }
    }

    /** When {@link #retry} has something to do. */
    long nextMs() {
        return retryMs;
    }

    /** Has reads that failed a while ago asked for again; a dispatch should follow. */
    void retry(long now) {
        if (now >= retryMs) {
            retryMs = Long.MAX_VALUE;
            failed.forEach(destination -> destination.journalled.forEach(state.dirty::mark));
            failed.clear();
        }
    }

    void readDone(ReadResult result) {
        ReadRequest request = result.request();
        LaneState lane = state.destinations.lane(request.lane());
        if (lane == null || !lane.reads.removeIf(read -> read == request)) {
            return;
        }
        for (int i = 0; i < request.offsets().length; i++) {
            long offset = request.offsets()[i];
            // What was settled while it was read must not come back.
            if (!isWanted(lane, offset)) {
                continue;
            }
            if (result.messages()[i] == null) {
                lane.markMissing(offset);
            } else {
                lane.readBack(offset, result.messages()[i], result.receivedMs()[i], state.round);
            }
        }
        for (SubscriptionState subscription : lane.destination.journalled) {
            state.dirty.mark(subscription);
        }
    }

    /** Forgets bodies that no consumer will come to soon, when memory is over its limit or refuses new ones. */
    void makeRoom() {
        if (!state.hot.isOver() && state.hot.refusals() <= patience) {
            return;
        }
        for (DestinationState destination : state.destinations.all()) {
            for (int priority = 0; priority < 10; priority++) {
                LaneState lane = destination.laneIfAny(priority);
                if (lane != null && !destination.isTemporary()) {
                    evict(destination, lane, priority);
                }
                if (state.hot.isComfortable()) {
                    patience = state.hot.refusals();
                    return;
                }
            }
        }
        patience = state.hot.refusals() + EVICTION_PATIENCE;
    }

    private void evict(DestinationState destination, LaneState lane, int priority) {
        BlockList<Chunk> chunks = lane.chunks();
        // From the far end: what comes last is needed last.
        for (int i = chunks.size() - 1; i >= 0 && !state.hot.isComfortable(); i--) {
            Chunk chunk = chunks.at(i);
            if (chunk.hot > 0 && chunk.readInRound < state.round && !isNear(destination, priority, chunk.firstOffset)) {
                lane.evict(chunk);
            } else if (chunk.hot > 0 && chunk.readInRound < state.round && state.hot.isOver()) {
                evictPassed(destination, lane, chunk, priority);
            }
        }
    }

    /** Of a chunk that somebody is reading, what all who read have passed: a chunk of large messages may hold more than there is room for. */
    private static void evictPassed(DestinationState destination, LaneState lane, Chunk chunk, int priority) {
        long passed = chunk.firstOffset + Store.BLOCK_MESSAGES;
        for (SubscriptionState subscription : destination.journalled) {
            passed = Math.min(passed, subscription.readFrom(priority));
        }
        for (long at = chunk.firstOffset; at < passed && chunk.hot > 0; at++) {
            lane.evict(chunk, at);
        }
    }

    private static boolean isNear(DestinationState destination, int priority, long firstOffset) {
        for (SubscriptionState subscription : destination.journalled) {
            Level level = subscription.levels[priority];
            if (level != null
                    && !level.pending.isEmpty()
                    && subscription.isNear(level, firstOffset, Store.BLOCK_MESSAGES)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWanted(LaneState lane, long offset) {
        int priority = LaneId.priority(lane.id);
        for (SubscriptionState subscription : lane.destination.journalled) {
            Level level = subscription.levels[priority];
            if (level != null && level.pending.get(offset)) {
                return true;
            }
        }
        return false;
    }
}
