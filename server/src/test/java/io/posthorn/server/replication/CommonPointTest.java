package io.posthorn.server.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.protocol.api.ReplicaHelloResponse.Verdict;
import io.posthorn.server.replication.CommonPoint.Replica;
import io.posthorn.server.store.JournalShipping;
import io.posthorn.server.store.JournalSlice;
import io.posthorn.server.store.Reign;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which verdict which pair of journals gets; positions are small numbers here. */
class CommonPointTest {

    private static final int CRC = 77;

    private static final List<Reign> OURS =
            List.of(new Reign(1, 100, 0), new Reign(2, 200, 150), new Reign(1000, 300, 250));

    /** A Master's journal with these reigns, from here to there. */
    private record Journal(List<Reign> reigns, long firstPosition, long writtenPosition) implements JournalShipping {

        @Override
        public long durablePosition() {
            return writtenPosition;
        }

        @Override
        public long segmentStart(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long bytesBetween(long from, long to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int segmentMaxBytes() {
            throw new UnsupportedOperationException();
        }

        @Override
        public JournalSlice slice(long from, int maxBytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long sampleCrc(long from, long to) {
            return from < firstPosition ? NOT_HELD : CRC;
        }
    }

    private static Replica replica(long end, long folded, int crc, Reign... reigns) {
        return new Replica(List.of(reigns), end, folded, end - 10, crc);
    }

    private static void assertVerdict(Verdict verdict, long position, Journal master, Replica replica) {
        CommonPoint point = CommonPoint.of(master, replica);
        assertEquals(verdict, point.verdict(), point.text());
        assertEquals(position, point.position(), point.text());
    }

    @Test
    void anEmptySlaveFollowsFromTheBeginningIfItIsThere() {
        Replica empty = new Replica(List.of(), 0, 0, 0, 0);
        assertVerdict(Verdict.FOLLOW, 0, new Journal(OURS, 0, 400), empty);
        assertVerdict(Verdict.SNAPSHOT, 0, new Journal(OURS, 250, 400), empty);
    }

    @Test
    void anEarlierStateOfTheSameJournalFollows() {
        Journal master = new Journal(OURS, 0, 400);
        assertVerdict(Verdict.FOLLOW, 350, master, replica(350, 300, CRC, OURS.get(0), OURS.get(1), OURS.get(2)));
        assertVerdict(Verdict.FOLLOW, 250, master, replica(250, 0, CRC, OURS.get(0), OURS.get(1)));
        assertVerdict(Verdict.FOLLOW, 120, master, replica(120, 0, CRC, OURS.get(0)));
    }

    @Test
    void whoIsTooFarBehindTakesASnapshot() {
        assertVerdict(Verdict.SNAPSHOT, 120, new Journal(OURS, 250, 400), replica(120, 110, CRC, OURS.get(0)));
    }

    @Test
    void aLongerTailOfAnOldReignIsCut() {
        Journal master = new Journal(OURS, 0, 400);
        // It has more of epoch 2 than its successor knew, and then went on alone.
        assertVerdict(Verdict.CUT, 250, master, replica(270, 240, CRC, OURS.get(0), OURS.get(1)));
        assertVerdict(
                Verdict.CUT, 250, master, replica(320, 250, CRC, OURS.get(0), OURS.get(1), new Reign(3, 300, 270)));
    }

    @Test
    void aTailThatIsFoldedCannotBeCut() {
        Journal master = new Journal(OURS, 0, 400);
        assertVerdict(Verdict.SNAPSHOT_DIVERGED, 0, master, replica(270, 260, CRC, OURS.get(0), OURS.get(1)));
    }

    @Test
    void aForeignJournalIsPutAside() {
        Journal master = new Journal(OURS, 0, 400);
        assertVerdict(Verdict.SNAPSHOT_DIVERGED, 0, master, replica(350, 0, CRC, new Reign(7, 100, 0)));
        assertVerdict(
                Verdict.SNAPSHOT_DIVERGED, 0, master, replica(350, 0, CRC + 1, OURS.get(0), OURS.get(1), OURS.get(2)));
    }

    @Test
    void promotionsAndRestartsNeverMeet() {
        assertEquals(1000, Epochs.promoted(1, 0));
        assertEquals(1000, Epochs.promoted(7, 999));
        assertEquals(2000, Epochs.promoted(1000, 1004));
    }
}
