package io.posthorn.server.store.journal;

import io.posthorn.server.store.DiskLimits;
import java.io.File;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * How full the file system of a store is, against its watermark. The checkpointer looks from time to time ({@link #look}); everybody else
 * reads the result. Thread-safe.
 */
public final class DiskSpace {

    /** Space that must stay free beside a new file of the store, so that LMDB and the logs of the host do not starve. */
    static final long FREE_MIN_BYTES = 16L << 20;

    private final File dir;
    private final int maxUsedPercent;
    private volatile LongSupplier reusable = () -> 0;
    private volatile long reusableBytes;
    private volatile long owed;
    private volatile String refusal;

    /** @param dir exists when {@link #look} is called */
    public DiskSpace(Path dir, DiskLimits limits) {
        this.dir = dir.toFile();
        this.maxUsedPercent = limits.maxUsedPercent();
    }

    /** Where to ask for space inside files of the store that can be used again. */
    public void reusable(LongSupplier value) {
        reusable = value;
    }

    /** Space that belongs to the ballast as soon as there is some, and is not for segments. */
    void owed(long bytes) {
        owed = bytes;
    }

    /** Looks at the file system and into the files; only while both parts of the store are open. */
    public void look() {
        reusableBytes = isNear() ? reusable.getAsLong() : 0;
        glance();
    }

    /** Looks at the file system only. */
    void glance() {
        long usable = dir.getUsableSpace();
        long used = dir.getTotalSpace() - dir.getFreeSpace();
        int percent = percent(used - reusableBytes, usable);
        refusal = percent < maxUsedPercent
                ? null
                : "disk full: " + percent + " % of the file system of " + dir
                        + " are used, and new messages are refused from diskMaxUsedPercent=" + maxUsedPercent
                        + " on; consume messages or free some space, sending resumes by itself";
    }

    /** Whether half of what may be used is. Looking into the files costs something, so it is done only then. */
    boolean isNear() {
        return percent(dir.getTotalSpace() - dir.getFreeSpace(), dir.getUsableSpace()) >= maxUsedPercent / 2;
    }

    /** Why new messages are refused; null when there is room. */
    public String refusal() {
        return refusal;
    }

    /** Whether so little is left that a step that failed has probably failed for that. */
    public boolean isExhausted() {
        return dir.getUsableSpace() < FREE_MIN_BYTES + owed;
    }

    /** Free for a new file, what must stay free already taken off; may be negative. */
    long roomBytes() {
        return freeBytes() - FREE_MIN_BYTES - owed;
    }

    long freeBytes() {
        return dir.getUsableSpace();
    }

    /** The share of the file system that is used, as df counts it; pure. */
    static int percent(long used, long usable) {
        long all = Math.max(1, used + usable);
        return (int) (Math.max(0, used) * 100 / all);
    }
}
