package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.server.store.JournalRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which messages refer to which large bodies: a body's chunks stay as long as something holds it. Holders are messages with a place in a
 * lane, staged ones, ones that wait for their time, and ones in memory. Derived from the state beside it, kept up by whoever changes
 * that; some 200 bytes per large message. The heart's thread.
 *
 * <p>What nobody holds is gathered, and dropped by {@link BodyVerbs} in the next dispatch.
 */
final class BodyTable {

    private record Place(long lane, long offset) {}

    private static final class Body {
        final long[] ranges;
        int holders;

        Body(long[] ranges) {
            this.ranges = ranges;
        }
    }

    /** By the offset of their first chunk. */
    private final Map<Long, Body> bodies = new HashMap<>();

    private final Map<Place, Body> placed = new HashMap<>();
    private List<Body> unheld = new ArrayList<>(0);

    /** A message outside the lanes refers to its body, if it has a large one. */
    void hold(EncodedMessage message) {
        if (message.isLarge()) {
            body(message.largeBody()).holders++;
        }
    }

    /** Ends {@link #hold}. */
    void release(EncodedMessage message) {
        if (message.isLarge()) {
            release(message.largeBody());
        }
    }

    /** As above; null is no large body. */
    void release(LargeBody ofOrNull) {
        Body body = ofOrNull == null ? null : bodies.get(ofOrNull.firstOffset());
        if (body != null) {
            release(body);
        }
    }

    /** A message got its place, and keeps its body until it is {@link #freed}. */
    void placed(long lane, long offset, EncodedMessage message) {
        if (message.isLarge()) {
            placed(lane, offset, message.largeBody());
        }
    }

    void placed(long lane, long offset, LargeBody of) {
        Body body = body(of);
        if (placed.putIfAbsent(new Place(lane, offset), body) == null) {
            body.holders++;
        }
    }

    /** A message waits for its time, and keeps its body until it {@link #waitsNoMore}. */
    void waits(long scheduleId, LargeBody of) {
        placed(JournalRecord.LargeRow.SCHEDULED, scheduleId, of);
    }

    /** It got its place. */
    void placedAfterWaiting(long scheduleId, long lane, long offset) {
        Body body = placed.isEmpty() ? null : placed.get(new Place(JournalRecord.LargeRow.SCHEDULED, scheduleId));
        if (body != null && placed.putIfAbsent(new Place(lane, offset), body) == null) {
            body.holders++;
        }
    }

    void waitsNoMore(long scheduleId) {
        freed(JournalRecord.LargeRow.SCHEDULED, scheduleId);
    }

    /** Nobody waits any more for the message at this place. */
    void freed(long lane, long offset) {
        if (!placed.isEmpty()) {
            Body body = placed.remove(new Place(lane, offset));
            if (body != null) {
                release(body);
            }
        }
    }

    /** Whether a message refers to the body whose chunks begin there. */
    boolean isHeld(long firstOffset) {
        Body body = bodies.get(firstOffset);
        return body != null && body.holders > 0;
    }

    /** Whether {@link #takeUnheld} has something to tell. */
    boolean hasUnheld() {
        return !unheld.isEmpty();
    }

    /** Chunks that are not needed any more; each is told once. */
    List<long[]> takeUnheld() {
        if (unheld.isEmpty()) {
            return List.of();
        }
        List<long[]> gone = new ArrayList<>(unheld.size());
        for (Body body : unheld) {
            if (body.holders == 0 && bodies.remove(body.ranges[0], body)) {
                gone.add(body.ranges);
            }
        }
        unheld = new ArrayList<>(0);
        return gone;
    }

    /** All chunks that messages refer to; forgets bodies without such. */
    BitBlocks held() {
        List<long[]> all = new ArrayList<>();
        bodies.values().removeIf(body -> body.holders == 0);
        unheld = new ArrayList<>(0);
        bodies.values().forEach(body -> {
            for (int i = 0; i < body.ranges.length; i += 2) {
                all.add(new long[] {body.ranges[i], body.ranges[i + 1]});
            }
        });
        all.sort((a, b) -> Long.compare(a[0], b[0]));
        BitBlocks held = new BitBlocks();
        for (long[] range : all) {
            for (long offset = range[0]; offset <= range[1]; offset++) {
                held.set(offset);
            }
        }
        return held;
    }

    private Body body(LargeBody of) {
        return bodies.computeIfAbsent(of.firstOffset(), absent -> new Body(of.ranges()));
    }

    private void release(Body body) {
        if (--body.holders == 0) {
            unheld.add(body);
        }
    }
}
