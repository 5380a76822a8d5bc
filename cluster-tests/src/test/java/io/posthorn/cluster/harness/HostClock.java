package io.posthorn.cluster.harness;

import io.posthorn.time.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * The wall clock of the host that the brokers run on, which can be set while they run. They read it through a class that stands in for the
 * one of the product: a real clock can only be set for the whole machine. One thread at a time.
 */
public final class HostClock {

    private static final List<String> CLASSES =
            List.of("io/posthorn/time/Clock.class", "io/posthorn/time/SystemClock.class");

    private final Path classes;
    private final Path offset;
    private long aheadMs;

    private HostClock(Path dir) {
        this.classes = dir.resolve("classes");
        this.offset = dir.resolve("offset");
    }

    /** @param dir is created, and read by the brokers as long as they run */
    public static HostClock in(Path dir) throws IOException {
        HostClock clock = new HostClock(dir);
        for (String name : CLASSES) {
            Path target = clock.classes.resolve(name);
            Files.createDirectories(target.getParent());
            try (InputStream bytes = Clock.class.getClassLoader().getResourceAsStream(name)) {
                Files.copy(bytes, target);
            }
        }
        clock.write();
        return clock;
    }

    /** Sets it forward, or back. */
    public void jump(Duration by) throws IOException {
        aheadMs += by.toMillis();
        write();
    }

    private void write() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).putLong(aheadMs).flip();
        try (FileChannel file = FileChannel.open(offset, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(bytes, 0);
        }
    }

    /** What a broker's JVM needs to see it: the boot loader is asked before the server's jar. */
    List<String> jvmOptions() {
        return List.of("-Xbootclasspath/a:" + classes, "-Dposthorn.clock.offset=" + offset);
    }
}
