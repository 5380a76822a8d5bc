package io.posthorn.server.store;

import java.util.List;

/**
 * The time of one Master.
 *
 * @param epoch its epoch, 1 or more
 * @param start position of its first entry, which says {@link JournalRecord.EpochStarted}
 * @param follows end of the reign before it, 0 = there was none
 */
public record Reign(long epoch, long start, long follows) {

    /**
     * The epoch that a position belongs to.
     *
     * @param reigns by rising start
     * @return 0 when it lies before all of them
     */
    public static long epochOf(long position, List<Reign> reigns) {
        for (int i = reigns.size() - 1; i >= 0; i--) {
            if (reigns.get(i).start() <= position) {
                return reigns.get(i).epoch();
            }
        }
        return 0;
    }
}
