package io.posthorn.provider.remote;

import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.protocol.api.ProgressRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The deliveries of one consumer that are not settled, and the way from the delivery ids the application side knows (local
 * ids) to those of the present link (wire ids). Thread-safe: the event loop adds, session threads translate.
 *
 * <p>Local ids go on counting for the life of the consumer. Wire ids begin anew with every link: first the restated
 * deliveries as 1…n, then the new ones. Both rise together, so the wire id of a local id is its rank among the local ids that exist
 * on this link, and any span of local ids is one span of wire ids.
 *
 * <pre>
 * local   …  17  18  19  20  21  22 | 23  24  25      last before the loss: 22; the application had got up to 20
 * state       s   u   s   u   v   v |                 s settled, u unsettled, v void
 * wire            1       2         |  3   4   5      restated: 18, 20; base = 22 − 2
 * </pre>
 */
final class DeliveryLedger {

    private static final int CAPACITY_MIN = 64;
    private static final long[] NONE = {};

    // All guarded by this.
    /** References of local ids head…last, at index id modulo length; null = settled or void. */
    private MessageRef[] refs = new MessageRef[CAPACITY_MIN];

    private long head = 1;
    private long last;

    /** Local ids above this one are on the present link as id − base. */
    private long boundary;

    private long base;

    /** Local ids restated on the present link, rising. */
    private long[] restated = NONE;

    /** Restated local ids that the broker refused and nobody has settled yet, rising. */
    private long[] lost = NONE;

    /** Those of them that are settled at the broker. */
    private long[] lostSettled = NONE;

    /** Highest wire id marked as handed over on this link. */
    private long markedWire;

    /** Notes a delivery and returns its local id; -1 when its wire id is not the next one. */
    synchronized long delivered(long wireId, MessageRef ref) {
        if (wireId != last - base + 1) {
            return -1;
        }
        last++;
        if (last - head >= refs.length) {
            grow();
        }
        refs[index(last)] = ref;
        return last;
    }

    /** Highest local id ever delivered. */
    synchronized long last() {
        return last;
    }

    /** Whether nothing delivered is unsettled. */
    synchronized boolean isEmpty() {
        return head > last;
    }

    /** Forgets local ids from…to: they are settled, or void. */
    synchronized void settle(long from, long to) {
        long end = Math.min(to, last);
        for (long id = Math.max(from, head); id <= end; id++) {
            refs[index(id)] = null;
        }
        while (head <= last && refs[index(head)] == null) {
            head++;
        }
        if (lost.length > 0) {
            lost = Arrays.stream(lost).filter(id -> id < from || id > to).toArray();
            lostSettled = Arrays.stream(lostSettled)
                    .filter(id -> id < from || id > to)
                    .toArray();
        }
    }

    /** Whether the broker gave one of these deliveries to somebody else, and the application side does not know yet. */
    synchronized boolean hasLost(long from, long to) {
        return countUpTo(lost, to) > countUpTo(lost, from - 1);
    }

    /**
     * As {@link #hasLost}, leaving out those that are settled at the broker: when our own settlement of them was under way and
     * went unanswered, it is what has settled them.
     */
    synchronized boolean hasLostUnsettled(long from, long to) {
        int settled = countUpTo(lostSettled, to) - countUpTo(lostSettled, from - 1);
        return countUpTo(lost, to) - countUpTo(lost, from - 1) > settled;
    }

    /** Appends the wire ranges of local ids from…to, lost and void ones left out. */
    synchronized void translate(int consumerId, long from, long to, List<DeliveryRange> into) {
        long wireFrom = rank(from - 1) + 1;
        long wireTo = rank(Math.min(to, last));
        for (int i = countUpTo(lost, from - 1); i < lost.length && lost[i] <= to; i++) {
            long gone = rank(lost[i]);
            if (gone == rank(lost[i] - 1)) {
                // Lost on an earlier link, so it has no wire id on this one.
                continue;
            }
            if (wireFrom < gone) {
                into.add(new DeliveryRange(consumerId, wireFrom, gone - 1));
            }
            wireFrom = gone + 1;
        }
        if (wireFrom <= wireTo) {
            into.add(new DeliveryRange(consumerId, wireFrom, wireTo));
        }
    }

    /** The wire form of a credit limit; at or below the last delivery it means "no more". */
    synchronized long wireLimit(long localLimit) {
        return rank(localLimit);
    }

    /** The wire id up to which to mark, or 0 when that has been said already on this link. */
    synchronized long mark(long localTo) {
        long wire = rank(Math.min(localTo, last));
        if (wire <= markedWire) {
            return 0;
        }
        markedWire = wire;
        return wire;
    }

    /**
     * The command that accepts local ids from…to and marks up to markTo; null when none of the first is on this link, or some are lost:
     * that is left to the acknowledgement.
     */
    synchronized ProgressRequest progress(int consumerId, long from, long to, long markTo) {
        long wireFrom = rank(from - 1) + 1;
        long wireTo = rank(Math.min(to, last));
        if (wireFrom > wireTo || hasLost(from, to)) {
            return null;
        }
        long wireMark = rank(Math.min(markTo, last));
        markedWire = Math.max(markedWire, wireMark);
        return new ProgressRequest(consumerId, wireFrom, wireTo, wireMark);
    }

    /** An acknowledgement marks by itself what it settles. */
    synchronized void markedBy(long localFrom, long localTo) {
        // Only without a gap: deliveries in between still need their mark.
        if (rank(localFrom) <= markedWire + 1) {
            markedWire = Math.max(markedWire, rank(Math.min(localTo, last)));
        }
    }

    /**
     * A new link: what lies beyond {@code handedOverTo} is void, the unsettled rest is to be restated.
     *
     * @return the references to restate, in order of delivery
     */
    synchronized List<MessageRef> restate(long handedOverTo) {
        settle(handedOverTo + 1, last);
        for (long gone : lost) {
            // Lost on an earlier link: the application has yet to hear of it, but there is nothing to restate.
            refs[index(gone)] = null;
        }
        List<MessageRef> list = new ArrayList<>();
        long[] ids = new long[CAPACITY_MIN];
        for (long id = head; id <= last; id++) {
            MessageRef ref = refs[index(id)];
            if (ref != null) {
                ids = list.size() == ids.length ? Arrays.copyOf(ids, ids.length * 2) : ids;
                ids[list.size()] = id;
                list.add(ref);
            }
        }
        restated = Arrays.copyOf(ids, list.size());
        boundary = last;
        base = last - restated.length;
        markedWire = restated.length;
        return list;
    }

    /**
     * The broker has refused these, as indexes into the restated list.
     *
     * @param settled those of them that are settled
     */
    synchronized void refused(List<Integer> indexes, List<Integer> settled) {
        lost = with(lost, indexes);
        lostSettled = with(lostSettled, settled);
    }

    private long[] with(long[] ids, List<Integer> indexes) {
        if (indexes.isEmpty()) {
            return ids;
        }
        long[] all = Arrays.copyOf(ids, ids.length + indexes.size());
        int size = ids.length;
        for (int index : indexes) {
            if (index < restated.length) {
                all[size++] = restated[index];
            }
        }
        return Arrays.stream(all, 0, size).sorted().distinct().toArray();
    }

    /** How many local ids up to this one exist on the present link. */
    private long rank(long localId) {
        return localId > boundary ? localId - base : countUpTo(restated, localId);
    }

    private static int countUpTo(long[] rising, long value) {
        if (rising.length == 0) {
            return 0;
        }
        int found = Arrays.binarySearch(rising, value);
        return found >= 0 ? found + 1 : -found - 1;
    }

    private int index(long id) {
        return (int) (id & refs.length - 1);
    }

    private void grow() {
        MessageRef[] larger = new MessageRef[refs.length * 2];
        for (long id = head; id < last; id++) {
            larger[(int) (id & larger.length - 1)] = refs[index(id)];
        }
        refs = larger;
    }
}
