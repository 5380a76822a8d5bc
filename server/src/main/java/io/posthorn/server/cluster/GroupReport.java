package io.posthorn.server.cluster;

import java.util.Comparator;

/**
 * What a broker group holds, as it said last.
 *
 * @param reachable whether it has answered the last question
 * @param version of the names that are known of it, 0 for none
 * @param placed destinations that were placed there since then
 */
record GroupReport(
        String group, boolean reachable, long version, int destinations, long messages, long bytes, int placed) {

    /** Differences in bytes below it say nothing: they change from moment to moment. */
    private static final long BYTES_STEP = 16L << 20;

    /** The emptiest group first: fewest bytes, in steps of 16 MiB, then fewest destinations. */
    static final Comparator<GroupReport> EMPTIEST = Comparator.comparingLong(
                    (GroupReport report) -> report.bytes / BYTES_STEP)
            .thenComparingInt(GroupReport::destinationsNow)
            .thenComparing(GroupReport::group);

    /** What it held, and what was placed there since. */
    int destinationsNow() {
        return destinations + placed;
    }

    static GroupReport unknown(String group) {
        return new GroupReport(group, false, 0, 0, 0, 0, 0);
    }

    GroupReport unreachable() {
        return new GroupReport(group, false, version, destinations, messages, bytes, placed);
    }

    GroupReport onePlaced() {
        return new GroupReport(group, reachable, version, destinations, messages, bytes, placed + 1);
    }
}
