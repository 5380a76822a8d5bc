package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.ServerProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A broker's data directory, or a backup, as an operator and a bad disk treat it. */
public record DataDir(Path path) {

    private static final int PAGE_BYTES = 4096;

    /** Runs {@code store COMMAND} on it. */
    public ServerProcess.Finished store(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of("store", command, "--data-dir", path.toString()));
        arguments.addAll(List.of(more));
        return ServerProcess.run(arguments.toArray(new String[0]));
    }

    /** @return what verification says of it */
    public String assertSound() {
        ServerProcess.Finished verify = store("verify");
        assertEquals(0, verify.exitCode(), verify.output());
        String last = verify.output().lines().reduce((a, b) -> b).orElse("");
        assertTrue(last.startsWith("sound: "), verify.output());
        return last;
    }

    /** The journal, in order of position. */
    List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
    }

    Path newestSegment() throws IOException {
        List<Path> segments = segments();
        return segments.get(segments.size() - 1);
    }

    /** Of all files of the journal. */
    long journalBytes() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("journal"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** How much of LMDB's file is or was in use, as its newest meta page says; the file itself is longer, sparsely. */
    long tableBytes() throws IOException {
        try (FileChannel channel = FileChannel.open(tables(), StandardOpenOption.READ)) {
            ByteBuffer pages = ByteBuffer.allocate(2 * PAGE_BYTES).order(ByteOrder.nativeOrder());
            while (pages.hasRemaining() && channel.read(pages, pages.position()) >= 0) {}
            int newest = pages.getLong(144) > pages.getLong(PAGE_BYTES + 144) ? 0 : PAGE_BYTES;
            return (pages.getLong(newest + 136) + 1) * PAGE_BYTES;
        }
    }

    public Path tables() {
        return path.resolve("lmdb").resolve("data.mdb");
    }

    /** Flips a bit. */
    static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(1);
            channel.read(bytes, offset);
            bytes.put(0, (byte) (bytes.get(0) ^ 1));
            channel.write(bytes.flip(), offset);
        }
    }
}
