package io.posthorn.provider.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.MessageRef;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DeliveryLedgerTest {

    private final DeliveryLedger ledger = new DeliveryLedger();

    @Test
    void onTheFirstLinkLocalAndWireIdsAreTheSame() {
        deliver(1, 200);
        assertEquals(List.of(new DeliveryRange(7, 5, 9)), translate(5, 9));
        assertEquals(300, ledger.wireLimit(300));
        assertEquals(3, ledger.mark(3));
        assertEquals(0, ledger.mark(3), "said already");
    }

    @Test
    void aGapInTheDeliveryIdsIsRefused() {
        deliver(1, 2);
        assertEquals(-1, ledger.delivered(4, new MessageRef(0, 4)));
        assertEquals(-1, ledger.delivered(2, new MessageRef(0, 2)));
    }

    @Test
    void aNewLinkRestatesWhatIsHandedOverAndNotSettled() {
        deliver(1, 6);
        ledger.settle(1, 1);
        ledger.settle(3, 3);
        assertEquals(List.of(ref(2), ref(4)), ledger.restate(4));
        assertEquals(7, ledger.delivered(3, ref(100)), "ids 5 and 6 were void and are not used again");
        assertEquals(List.of(new DeliveryRange(7, 1, 3)), translate(1, 7));
        assertEquals(List.of(new DeliveryRange(7, 2, 2)), translate(3, 6));
        assertEquals(List.of(), translate(5, 6));
        assertEquals(8, ledger.wireLimit(12));
        assertEquals(2, ledger.wireLimit(6), "no more than there was");
        assertEquals(0, ledger.mark(4), "restated ones are marked");
        assertEquals(3, ledger.mark(7));
    }

    @Test
    void refusedOnesAreLostUntilTheyAreSettled() {
        deliver(1, 4);
        ledger.restate(4);
        ledger.refused(List.of(1, 2), List.of(2));
        assertTrue(ledger.hasLostUnsettled(1, 3));
        assertFalse(ledger.hasLostUnsettled(3, 3));
        assertTrue(ledger.hasLost(1, 2));
        assertFalse(ledger.hasLost(1, 1));
        assertEquals(List.of(new DeliveryRange(7, 1, 1), new DeliveryRange(7, 4, 4)), translate(1, 4));
        ledger.settle(2, 3);
        assertFalse(ledger.hasLost(1, 4));
        assertEquals(List.of(ref(1), ref(4)), ledger.restate(4));
    }

    @Test
    void acknowledgementsMarkOnlyWithoutAGap() {
        deliver(1, 5);
        ledger.markedBy(1, 2);
        assertEquals(0, ledger.mark(2));
        ledger.markedBy(4, 4);
        assertEquals(4, ledger.mark(4), "3 still needs its mark");
    }

    /** Against a model that keeps every id in a map. */
    @Test
    void anyHistoryTranslatesLikeTheModel() {
        long seed = 97;
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 200; run++) {
            new Model(random).play("seed " + seed + ", run " + run);
        }
    }

    private static final class Model {

        private final SplittableRandom random;
        private final DeliveryLedger ledger = new DeliveryLedger();
        private final TreeMap<Long, MessageRef> unsettled = new TreeMap<>();
        private TreeMap<Long, Long> wireByLocal = new TreeMap<>();
        private final TreeSet<Long> lost = new TreeSet<>();
        private long lastWire;
        private long lastLocal;

        Model(SplittableRandom random) {
            this.random = random;
        }

        void play(String where) {
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> deliver();
                    case 2 -> settle();
                    default -> {
                        if (random.nextInt(4) == 0) {
                            newLink(where);
                        }
                    }
                }
                check(where);
            }
            assertEquals(unsettled.isEmpty(), ledger.isEmpty(), where);
        }

        private void deliver() {
            for (int i = random.nextInt(40); i >= 0; i--) {
                MessageRef ref = new MessageRef(1, random.nextLong());
                lastLocal = ledger.delivered(++lastWire, ref);
                unsettled.put(lastLocal, ref);
                wireByLocal.put(lastLocal, lastWire);
            }
        }

        private void settle() {
            long from = 1 + random.nextLong(lastLocal + 1);
            long to = from + random.nextInt(20);
            ledger.settle(from, to);
            unsettled.subMap(from, to + 1).clear();
            lost.subSet(from, to + 1).clear();
        }

        private void newLink(String where) {
            long handedOverTo = random.nextLong(lastLocal + 1);
            unsettled.tailMap(handedOverTo + 1).clear();
            lost.tailSet(handedOverTo + 1).clear();
            unsettled.keySet().removeAll(lost);
            assertEquals(List.copyOf(unsettled.values()), ledger.restate(handedOverTo), where);
            wireByLocal = new TreeMap<>();
            lastWire = 0;
            List<Integer> refused = new ArrayList<>();
            for (long local : unsettled.keySet()) {
                wireByLocal.put(local, ++lastWire);
                if (random.nextInt(5) == 0) {
                    refused.add((int) lastWire - 1);
                    lost.add(local);
                }
            }
            ledger.refused(refused, List.of());
        }

        private void check(String where) {
            long from = 1 + random.nextLong(lastLocal + 1);
            long to = from + random.nextInt(50);
            assertEquals(!lost.subSet(from, to + 1).isEmpty(), ledger.hasLost(from, to), where);
            TreeSet<Long> expected = new TreeSet<>();
            wireByLocal.subMap(from, to + 1).forEach((local, wire) -> {
                if (!lost.contains(local)) {
                    expected.add(wire);
                }
            });
            List<DeliveryRange> ranges = new ArrayList<>();
            ledger.translate(7, from, to, ranges);
            TreeSet<Long> actual = new TreeSet<>();
            for (DeliveryRange range : ranges) {
                for (long id = range.from(); id <= range.to(); id++) {
                    actual.add(id);
                }
            }
            assertEquals(expected, actual, where + ": " + from + " to " + to);
        }
    }

    private void deliver(long from, long to) {
        for (long id = from; id <= to; id++) {
            assertEquals(id, ledger.delivered(id, ref(id)));
        }
    }

    private static MessageRef ref(long offset) {
        return new MessageRef(3, offset);
    }

    private List<DeliveryRange> translate(long from, long to) {
        List<DeliveryRange> ranges = new ArrayList<>();
        ledger.translate(7, from, to, ranges);
        return ranges;
    }
}
