package io.posthorn.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Stands in for the product's class of this name in brokers whose clock a test sets, see {@link io.posthorn.cluster.harness.HostClock}. In the JVM of the tests
 * it does what the product's does.
 */
final class SystemClock implements Clock {

    static final SystemClock INSTANCE = new SystemClock(System.getProperty("posthorn.clock.offset"));

    /** By how many milliseconds the clock is ahead; null when it is right. */
    private final MappedByteBuffer offset;

    private SystemClock(String file) {
        this.offset = file == null ? null : map(Path.of(file));
    }

    private static MappedByteBuffer map(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, Long.BYTES);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public long wallMs() {
        return System.currentTimeMillis() + (offset == null ? 0 : offset.getLong(0));
    }

    @Override
    public long monotonicNs() {
        return System.nanoTime();
    }
}
