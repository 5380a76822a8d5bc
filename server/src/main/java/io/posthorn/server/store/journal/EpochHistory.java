package io.posthorn.server.store.journal;

import io.posthorn.server.store.Reign;
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
import java.util.Collection;
import java.util.List;

/**
 * Which epoch began where: the file {@code epochs} of the data directory. It outlives the segments in which the epochs began, so that a
 * Master can still tell whether a Slave's journal is an earlier state of its own. One thread changes it; any thread reads it.
 *
 * <pre>
 * posthorn-epochs 1
 * EPOCH START FOLLOWS     a line for each reign, by rising start; the last {@value #REIGNS_MAX}
 * </pre>
 */
final class EpochHistory {

    static final int REIGNS_MAX = 1_000;

    private static final String FILE = "epochs";
    private static final String HEAD = "posthorn-epochs 1";
    private static final int BUFFER_BYTES = 4096;

    private final Path dir;
    private volatile List<Reign> reigns = List.of();

    EpochHistory(Path dir) {
        this.dir = dir;
    }

    /**
     * Reads the file, and adds what the segments say; a store of before this file has the reigns of its segments only.
     *
     * @param end of the journal: what the file says beyond it never came to be
     */
    void open(Collection<Segment> segments, long end) throws IOException {
        List<Reign> known = new ArrayList<>(read(dir));
        known.removeIf(reign -> reign.start() >= end);
        for (Segment segment : segments) {
            long start = JournalFormat.epochBase(segment.base());
            EntryCursor cursor = new EntryCursor(segment, segment.base(), BUFFER_BYTES);
            boolean unknown = known.stream().noneMatch(reign -> reign.start() == start);
            if (unknown && segment.base() == start && cursor.next()) {
                known.add(new Reign(cursor.epoch(), start, segment.previousEnd()));
            }
        }
        known.sort((a, b) -> Long.compare(a.start(), b.start()));
        reigns = List.copyOf(known);
    }

    /** What the file of a data directory says; empty when there is none. */
    static List<Reign> read(Path dir) throws IOException {
        Path file = dir.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
        if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
            throw new StoreException(file + " begins with \"" + (lines.isEmpty() ? "" : lines.get(0))
                    + "\", this release reads \"" + HEAD + "\"");
        }
        List<Reign> known = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            known.add(parse(file, line));
        }
        return known;
    }

    List<Reign> reigns() {
        return reigns;
    }

    /** A reign has begun; durable when this returns. */
    void add(Reign reign) {
        List<Reign> more = new ArrayList<>(reigns);
        more.add(reign);
        write(more.subList(Math.max(0, more.size() - REIGNS_MAX), more.size()));
    }

    /** The journal ends here now. */
    void cutTo(long end) {
        List<Reign> fewer = new ArrayList<>(reigns);
        fewer.removeIf(reign -> reign.start() >= end);
        write(fewer);
    }

    /** Replaces the file; durable when this returns. */
    void write(List<Reign> next) {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        next.forEach(reign -> text.append(reign.epoch() + " " + reign.start() + " " + reign.follows() + "\n"));
        Path fresh = dir.resolve(FILE + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            Files.move(fresh, dir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new StoreException("the file " + dir.resolve(FILE) + " cannot be written: " + failed, failed);
        }
        reigns = List.copyOf(next);
    }

    private static Reign parse(Path file, String line) {
        String[] words = line.split(" ");
        try {
            if (words.length == 3) {
                return new Reign(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
            }
        } catch (NumberFormatException noNumber) {
            // Reported below, with the line.
        }
        throw new StoreException(file + " has a line that is none: \"" + line + "\"");
    }
}
