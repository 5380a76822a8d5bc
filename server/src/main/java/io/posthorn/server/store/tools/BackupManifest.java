package io.posthorn.server.store.tools;

import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The file {@code backup.manifest}, written last: a directory without it is no complete backup.
 *
 * <pre>
 * posthorn-backup 1
 * created MS              when, ms since 1970
 * checkpoint POSITION     the tables are the state before the entry that starts here
 * end POSITION            the backup is the state of the store at this position
 * file BYTES CRC NAME     one line per file; CRC32C in hex; NAME relative to the directory, with slashes
 * complete                the last line
 * </pre>
 */
record BackupManifest(long createdMs, long checkpoint, long end, List<Entry> files) {

    static final String FILE = "backup.manifest";

    private static final String FIRST = "posthorn-backup 1";
    private static final String LAST = "complete";
    private static final int BUFFER_BYTES = 1 << 20;

    /** A file of the backup. */
    record Entry(long bytes, int crc, String name) {}

    /** Reads a file through, for its length and checksum. */
    static Entry entry(Path dir, Path file) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long bytes = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) {
                bytes += buffer.flip().remaining();
                crc.update(buffer);
            }
        }
        return new Entry(
                bytes, (int) crc.getValue(), dir.relativize(file).toString().replace('\\', '/'));
    }

    /** Writes it durably. */
    void write(Path dir) throws IOException {
        StringBuilder text = new StringBuilder(FIRST + "\n");
        text.append("created ").append(createdMs).append('\n');
        text.append("checkpoint ").append(checkpoint).append('\n');
        text.append("end ").append(end).append('\n');
        for (Entry file : files) {
            text.append("file ").append(file.bytes()).append(' ');
            text.append(Integer.toHexString(file.crc()))
                    .append(' ')
                    .append(file.name())
                    .append('\n');
        }
        text.append(LAST).append('\n');
        Path temporary = dir.resolve(FILE + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, dir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        sync(dir);
    }

    /** @throws StoreException if it is absent, or is none */
    static BackupManifest read(Path dir) {
        Path file = dir.resolve(FILE);
        if (!Files.exists(file)) {
            throw new StoreException(dir + " is no complete backup: " + FILE + " is missing");
        }
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() < 5
                    || !lines.get(0).equals(FIRST)
                    || !lines.get(lines.size() - 1).equals(LAST)) {
                throw new StoreException(file + " is not the manifest of a backup that this release can read");
            }
            List<Entry> files = new ArrayList<>();
            for (String line : lines.subList(4, lines.size() - 1)) {
                String[] parts = line.split(" ", 4);
                files.add(new Entry(Long.parseLong(parts[1]), Integer.parseUnsignedInt(parts[2], 16), parts[3]));
            }
            return new BackupManifest(number(lines.get(1)), number(lines.get(2)), number(lines.get(3)), files);
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException unreadable) {
            throw new StoreException(file + " cannot be read: " + unreadable, unreadable);
        }
    }

    /** Makes new names in a directory durable. */
    static void sync(Path dir) throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }
}
