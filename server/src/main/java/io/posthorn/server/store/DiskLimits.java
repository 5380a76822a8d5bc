package io.posthorn.server.store;

/**
 * What a store leaves of its file system to others, and keeps for itself.
 *
 * @param maxUsedPercent from this share on new messages are refused ({@code diskMaxUsedPercent}), 1 to 100; room inside LMDB's file that
 *     can be used again counts as free
 * @param reserveBytes size of the ballast file, whose room pays for a checkpoint or a segment when the disk is full
 *     ({@code diskReserveBytes}); 0 = none
 * @param journalRetainMaxBytes journal that is kept for a backup although the store could let it go ({@code journalRetainMaxBytes})
 */
public record DiskLimits(int maxUsedPercent, long reserveBytes, long journalRetainMaxBytes) {

    /** Largest ballast, in bytes. */
    public static final long RESERVE_MAX_BYTES = 1L << 30;

    /** The documented defaults: 90 %, 64 MiB, 4 GiB. */
    public static final DiskLimits DEFAULT = new DiskLimits(90, 64L << 20, 4L << 30);

    /** @throws IllegalArgumentException if a value is out of its range; the text names it */
    public DiskLimits {
        if (maxUsedPercent < 1 || maxUsedPercent > 100) {
            throw new IllegalArgumentException("diskMaxUsedPercent is 1 to 100, not " + maxUsedPercent);
        }
        if (reserveBytes < 0 || reserveBytes > RESERVE_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "diskReserveBytes is 0 to " + RESERVE_MAX_BYTES + ", not " + reserveBytes);
        }
        if (journalRetainMaxBytes < 0) {
            throw new IllegalArgumentException("journalRetainMaxBytes is not negative, not " + journalRetainMaxBytes);
        }
    }
}
