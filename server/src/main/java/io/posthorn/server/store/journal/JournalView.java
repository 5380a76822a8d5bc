package io.posthorn.server.store.journal;

import io.posthorn.server.store.Finding;
import io.posthorn.server.store.SegmentInfo;
import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The segments of a journal, opened for reading only: for the tools, which must leave everything as it is. One thread. The journal may be
 * in use by a broker meanwhile; then the segments are those that were there when it was opened.
 */
public final class JournalView implements AutoCloseable {

    private final List<Segment> segments;

    private JournalView(List<Segment> segments) {
        this.segments = segments;
    }

    /**
     * Opens what is in the directory {@code journal} below a data directory.
     *
     * @param findings told of each segment whose header cannot be read; it is left out then
     * @throws StoreException if the directory cannot be read
     */
    public static JournalView open(Path dataDir, Consumer<Finding> findings) {
        Path dir = dataDir.resolve("journal");
        List<Segment> segments = new ArrayList<>();
        if (Files.isDirectory(dir)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "*" + SegmentFiles.SEGMENT_SUFFIX)) {
                for (Path file : files) {
                    Segment segment = openSegment(file, findings);
                    if (segment != null) {
                        segments.add(segment);
                    }
                }
            } catch (IOException failed) {
                throw new StoreException("the journal in " + dir + " cannot be read: " + failed, failed);
            }
        }
        segments.sort(Comparator.comparingLong(Segment::base));
        return new JournalView(segments);
    }

    /** In order of position. */
    public List<SegmentInfo> segments() {
        List<SegmentInfo> infos = new ArrayList<>();
        for (Segment segment : segments) {
            infos.add(new SegmentInfo(
                    segment.file(),
                    segment.base(),
                    segment.previousEnd(),
                    segment.capacity(),
                    segment.file().toFile().length()));
        }
        return infos;
    }

    List<Segment> opened() {
        return segments;
    }

    @Override
    public void close() {
        for (Segment segment : segments) {
            try {
                segment.close();
            } catch (IOException ignored) {
                // Nothing was written to it.
            }
        }
    }

    private static Segment openSegment(Path file, Consumer<Finding> findings) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        JournalFormat.Header header = null;
        try {
            ByteBuffer bytes = ByteBuffer.allocate(JournalFormat.SEGMENT_HEADER_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
            header = JournalFormat.decodeHeader(bytes.array());
            if (header == null) {
                findings.accept(new Finding(file + " offset 0", "the segment's header is damaged"));
            } else if (!file.getFileName().toString().equals(SegmentFiles.name(header.base()))) {
                findings.accept(new Finding(
                        file + " offset 8",
                        "the file's name does not fit the base in its header, " + header.base() + ": it was renamed"));
                header = null;
            }
        } catch (NewerFormatException newer) {
            findings.accept(new Finding(file + " offset 4", newer.getMessage()));
        }
        if (header == null) {
            channel.close();
            return null;
        }
        return new Segment(file, channel, header);
    }
}
