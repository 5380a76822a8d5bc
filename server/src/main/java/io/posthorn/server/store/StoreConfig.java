package io.posthorn.server.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * The settings of one store.
 *
 * @param dir                data directory, created when absent; one process at a time uses it
 * @param segmentBytes       size of a journal segment file, also the bound of one entry; {@value #SEGMENT_MIN_BYTES} bytes to 1 GiB
 * @param checkpoint         when a checkpoint begins
 * @param flush              when a record counts as safe
 * @param mapBytes           address space reserved for LMDB, the bound of the backlog; 0 = the size of the file system
 * @param disk               what is left of the file system, and what is kept in reserve
 * @param formatLevelMax     newest format level that is read and written, {@link FormatLevel#FIRST} to {@link FormatLevel#NEWEST}; a new
 *     store begins with it
 */
public record StoreConfig(
        Path dir,
        int segmentBytes,
        Checkpoint checkpoint,
        Flush flush,
        long mapBytes,
        DiskLimits disk,
        int formatLevelMax) {

    /** Smallest segment: a header and a few entries, for tests. */
    public static final int SEGMENT_MIN_BYTES = 4096;

    private static final int SEGMENT_MAX_BYTES = 1 << 30;

    /**
     * @param bytes journal growth that starts a checkpoint, at least 1
     * @param interval longest time between checkpoints while something is appended, above zero
     */
    public record Checkpoint(long bytes, Duration interval) {

        /** @throws IllegalArgumentException if a value is out of its range; the text names it */
        public Checkpoint {
            require(bytes > 0, "checkpointBytes is above 0, not " + bytes);
            require(isAboveZero(interval), "checkpointInterval is above zero, not " + interval);
        }
    }

    /**
     * @param type when a record counts as safe
     * @param asyncWindow with ASYNC_FLUSH, the longest time a written record stays unsynced, above zero
     */
    public record Flush(FlushDiskType type, Duration asyncWindow) {

        /** @throws IllegalArgumentException if a value is out of its range; the text names it */
        public Flush {
            Objects.requireNonNull(type, "flushDiskType");
            require(isAboveZero(asyncWindow), "asyncFlushWindow is above zero, not " + asyncWindow);
        }
    }

    /** @throws IllegalArgumentException if a value is out of its range; the text names it */
    public StoreConfig {
        Objects.requireNonNull(dir, "dir");
        Objects.requireNonNull(checkpoint, "checkpoint");
        Objects.requireNonNull(flush, "flush");
        Objects.requireNonNull(disk, "disk");
        require(
                segmentBytes >= SEGMENT_MIN_BYTES && segmentBytes <= SEGMENT_MAX_BYTES,
                "segmentBytes is " + SEGMENT_MIN_BYTES + " to " + SEGMENT_MAX_BYTES + ", not " + segmentBytes);
        require(mapBytes >= 0, "mapBytes is not negative, not " + mapBytes);
        require(
                formatLevelMax >= FormatLevel.FIRST && formatLevelMax <= FormatLevel.NEWEST,
                "formatLevelMax is " + FormatLevel.FIRST + " to " + FormatLevel.NEWEST + ", not " + formatLevelMax);
    }

    /** The documented defaults: 64 MiB segments, a checkpoint every 256 MiB or 30 s, SYNC_FLUSH. */
    public static StoreConfig defaults(Path dir) {
        return new StoreConfig(
                dir,
                64 << 20,
                new Checkpoint(256L << 20, Duration.ofSeconds(30)),
                new Flush(FlushDiskType.SYNC_FLUSH, Duration.ofMillis(500)),
                0,
                DiskLimits.DEFAULT,
                FormatLevel.NEWEST);
    }

    /** The same with another segment size. */
    public StoreConfig withSegmentBytes(int value) {
        return new StoreConfig(dir, value, checkpoint, flush, mapBytes, disk, formatLevelMax);
    }

    /** The same with another checkpoint rhythm. */
    public StoreConfig withCheckpoint(long bytes, Duration interval) {
        return new StoreConfig(
                dir, segmentBytes, new Checkpoint(bytes, interval), flush, mapBytes, disk, formatLevelMax);
    }

    /** The same with another flush type. */
    public StoreConfig withFlushDiskType(FlushDiskType value) {
        return new StoreConfig(
                dir, segmentBytes, checkpoint, new Flush(value, flush.asyncWindow), mapBytes, disk, formatLevelMax);
    }

    /** The same with another LMDB map size. */
    public StoreConfig withMapBytes(long value) {
        return new StoreConfig(dir, segmentBytes, checkpoint, flush, value, disk, formatLevelMax);
    }

    /** The same with other limits on the disk. */
    public StoreConfig withDisk(DiskLimits value) {
        return new StoreConfig(dir, segmentBytes, checkpoint, flush, mapBytes, value, formatLevelMax);
    }

    /** The same with another newest format level. */
    public StoreConfig withFormatLevelMax(int value) {
        return new StoreConfig(dir, segmentBytes, checkpoint, flush, mapBytes, disk, value);
    }

    private static boolean isAboveZero(Duration value) {
        return value != null && !value.isNegative() && !value.isZero();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
