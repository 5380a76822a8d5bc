package io.posthorn.server.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * One open segment file. The flusher alone writes; readers read anywhere, on any thread, and must check what they get: the file may
 * be closed or recycled under them. Threads that read must never be interrupted, for an interrupt closes the channel.
 */
final class Segment {

    private final Path file;
    private final FileChannel channel;
    private final JournalFormat.Header header;

    Segment(Path file, FileChannel channel, JournalFormat.Header header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
    }

    Path file() {
        return file;
    }

    long base() {
        return header.base();
    }

    long previousEnd() {
        return header.previousEnd();
    }

    int capacity() {
        return header.capacity();
    }

    /** First position that does not fit any more. */
    long limit() {
        return header.base() + header.capacity();
    }

    /** Writes all of the buffer at a position. */
    void write(ByteBuffer bytes, long position) throws IOException {
        long at = JournalFormat.SEGMENT_HEADER_BYTES + position - header.base();
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** fdatasync: the blocks are preallocated, so no metadata has to go with them. */
    void force() throws IOException {
        channel.force(false);
    }

    /**
     * Reads up to the buffer's end, or to the end of the file.
     *
     * @return bytes read, possibly 0
     */
    int read(ByteBuffer into, long position) throws IOException {
        long at = JournalFormat.SEGMENT_HEADER_BYTES + position - header.base();
        int total = 0;
        while (into.hasRemaining()) {
            int read = channel.read(into, at + total);
            if (read < 0) {
                break;
            }
            total += read;
        }
        return total;
    }

    void close() throws IOException {
        channel.close();
    }
}
