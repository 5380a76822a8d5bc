package io.posthorn.server.replication;

import io.posthorn.protocol.api.ReplicaHelloResponse.Verdict;
import io.posthorn.server.store.JournalShipping;
import io.posthorn.server.store.Reign;
import java.util.List;

/**
 * Up to where a Slave's journal is the Master's, and what follows from it.
 *
 * @param verdict  what the Slave has to do
 * @param position with CUT where its journal has to end
 * @param text     why, for people
 */
record CommonPoint(Verdict verdict, long position, String text) {

    /** What a Slave says of its journal. */
    record Replica(List<Reign> reigns, long end, long folded, long sampleFrom, int sampleCrc) {}

    /**
     * Compares. Two journals are the same up to the end of the last reign that both know with the same epoch and start, or to the end of
     * what the shorter one has of it; the sample of the Slave's last bytes has to confirm it.
     */
    static CommonPoint of(JournalShipping master, Replica replica) {
        if (replica.end == 0) {
            return master.firstPosition() == 0
                    ? new CommonPoint(Verdict.FOLLOW, 0, "from the beginning")
                    : new CommonPoint(Verdict.SNAPSHOT, 0, "the journal begins at " + master.firstPosition());
        }
        List<Reign> ours = master.reigns();
        Reign common = lastCommon(ours, replica.reigns);
        if (common == null) {
            return diverged("no reign of its journal is known here");
        }
        long point =
                Math.min(endOf(common, ours, master.writtenPosition()), endOf(common, replica.reigns, replica.end));
        if (point < replica.end) {
            String text = "its journal has parted at position " + point + " of epoch " + common.epoch();
            return replica.folded <= point && point >= master.firstPosition()
                    ? new CommonPoint(Verdict.CUT, point, text)
                    : diverged(text + ", before what can be cut");
        }
        if (point < master.firstPosition()) {
            return new CommonPoint(
                    Verdict.SNAPSHOT,
                    point,
                    "its journal ends at " + point + ", ours begins at " + master.firstPosition());
        }
        if (replica.sampleFrom < replica.end) {
            long crc = master.sampleCrc(replica.sampleFrom, replica.end);
            if (crc != JournalShipping.NOT_HELD && (int) crc != replica.sampleCrc) {
                return diverged("the bytes before position " + replica.end + " are not ours");
            }
        }
        return new CommonPoint(Verdict.FOLLOW, point, "from position " + point);
    }

    private static CommonPoint diverged(String text) {
        return new CommonPoint(Verdict.SNAPSHOT_DIVERGED, 0, text);
    }

    private static Reign lastCommon(List<Reign> ours, List<Reign> theirs) {
        for (int i = theirs.size() - 1; i >= 0; i--) {
            Reign candidate = theirs.get(i);
            for (Reign own : ours) {
                if (own.epoch() == candidate.epoch() && own.start() == candidate.start()) {
                    return own;
                }
            }
        }
        return null;
    }

    /** Where a reign ends in a journal: before the next one, or at the journal's end. */
    private static long endOf(Reign reign, List<Reign> reigns, long end) {
        for (Reign next : reigns) {
            if (next.start() > reign.start()) {
                return next.follows();
            }
        }
        return end;
    }
}
