package io.posthorn.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small real file system, made by the test: a tmpfs in a mount namespace that a waiting process holds open. Servers are started inside of
 * it; the test reaches the files through /proc. It needs no rights where users may have namespaces, as on most Linux systems, or root.
 */
public final class SmallDisk {

    private static final List<List<String>> WAYS =
            List.of(List.of("unshare", "--user", "--map-root-user", "--mount"), List.of("unshare", "--mount"));

    private final Process holder;
    private final Path dir;
    private final boolean ofUser;

    private SmallDisk(Process holder, Path dir, boolean ofUser) {
        this.holder = holder;
        this.dir = dir;
        this.ofUser = ofUser;
    }

    /**
     * Mounts one over an existing, empty directory. The test is skipped, with the reason, where this cannot be done.
     *
     * @param megabytes its size
     */
    public static SmallDisk mount(Path dir, int megabytes) throws Exception {
        StringBuilder failures = new StringBuilder();
        for (List<String> way : WAYS) {
            List<String> command = new ArrayList<>(way);
            command.addAll(List.of(
                    "sh",
                    "-c",
                    "mount -t tmpfs -o size=" + megabytes + "m tmpfs '" + dir + "' && echo mounted && cat"));
            try {
                Process holder =
                        new ProcessBuilder(command).redirectErrorStream(true).start();
                String line = new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))
                        .readLine();
                if ("mounted".equals(line)) {
                    return new SmallDisk(holder, dir, way == WAYS.get(0));
                }
                holder.destroyForcibly().waitFor();
                failures.append(way).append(": ").append(line).append("; ");
            } catch (IOException absent) {
                failures.append(way).append(": ").append(absent.getMessage()).append("; ");
            }
        }
        assumeTrue(false, "no small file system can be made here: " + failures);
        throw new IllegalStateException("not reached");
    }

    /** What to put before a command that is to see it. */
    public List<String> enter() {
        String pid = Long.toString(holder.pid());
        return ofUser
                ? List.of("nsenter", "-t", pid, "--user", "--mount", "--preserve-credentials")
                : List.of("nsenter", "-t", pid, "--mount");
    }

    /** A path on it, as this process sees it. */
    public Path seen(Path path) {
        return Path.of("/proc/" + holder.pid() + "/root" + path.toAbsolutePath());
    }

    public long usableBytes() {
        return seen(dir).toFile().getUsableSpace();
    }

    /** Somebody else fills it to the last byte. */
    public void fill() {
        byte[] block = new byte[64 << 10];
        try (RandomAccessFile foreign = new RandomAccessFile(foreign().toFile(), "rw")) {
            foreign.seek(foreign.length());
            for (int size = block.length; size > 0; ) {
                try {
                    foreign.write(block, 0, size);
                } catch (IOException full) {
                    size /= 2;
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Takes back what {@link #fill} has written. */
    public void empty() {
        try {
            Files.deleteIfExists(foreign());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path foreign() {
        return seen(dir).resolve("foreign");
    }

    /** Nobody uses it any more. */
    public void unmount() throws Exception {
        holder.getOutputStream().close();
        if (!holder.waitFor(10, TimeUnit.SECONDS)) {
            holder.destroyForcibly().waitFor();
        }
    }
}
