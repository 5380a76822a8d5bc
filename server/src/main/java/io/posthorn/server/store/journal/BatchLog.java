package io.posthorn.server.store.journal;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The bytes on their way from the sequencer to the flusher: a chain of direct buffers that one appends to and the other writes from,
 * without a lock and without a second copy. Whatever has been sealed while the flusher was in a sync becomes its next batch.
 *
 * <p>Sequencer: {@link #beginSegment}, {@link #put}, {@link #seal}. Flusher: {@link #head} and {@link #drop}. Anyone: the positions.
 */
final class BatchLog {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int CHUNKS_POOLED = 32;

    /** A piece of the chain; never holds bytes of two segments. */
    static final class Chunk {
        private final ByteBuffer buffer;
        private final ByteBuffer view;
        private final long base;
        private final long segmentPreviousEnd;
        private volatile Chunk next;

        private Chunk(ByteBuffer buffer, long base, long segmentPreviousEnd) {
            this.buffer = buffer;
            this.view = buffer.duplicate();
            this.base = base;
            this.segmentPreviousEnd = segmentPreviousEnd;
        }

        /** Position of its first byte. */
        long base() {
            return base;
        }

        /** Whether a segment begins with this chunk, at {@link #base}. */
        boolean beginsSegment() {
            return segmentPreviousEnd >= 0;
        }

        long segmentPreviousEnd() {
            return segmentPreviousEnd;
        }

        Chunk next() {
            return next;
        }

        /** The sealed bytes [from, to), for the flusher. */
        ByteBuffer bytes(long from, long to) {
            return view.limit((int) (to - base)).position((int) (from - base));
        }
    }

    private final ArrayBlockingQueue<ByteBuffer> pool = new ArrayBlockingQueue<>(CHUNKS_POOLED);
    private Chunk head;
    private Chunk tail;
    private long end;

    private volatile long sealedEnd;
    private volatile long urgentEnd;

    /** The next byte put is the first of a segment at this position. */
    void beginSegment(long base, long previousEnd) {
        end = base;
        link(new Chunk(buffer(), base, previousEnd));
    }

    /** Appends bytes; {@link #beginSegment} has been called before. */
    void put(byte[] bytes, int from, int length) {
        int at = from;
        int left = length;
        while (left > 0) {
            ByteBuffer buffer = tail.buffer;
            int room = buffer.remaining();
            if (room == 0) {
                link(new Chunk(buffer(), end, -1));
                continue;
            }
            int part = Math.min(room, left);
            buffer.put(bytes, at, part);
            at += part;
            left -= part;
            end += part;
        }
    }

    /** Hands everything put so far to the flusher. */
    void seal(boolean urgent) {
        sealedEnd = end;
        if (urgent) {
            urgentEnd = end;
        }
    }

    /** Position just after the last byte put; for the sequencer. */
    long end() {
        return end;
    }

    long sealedEnd() {
        return sealedEnd;
    }

    /** Somebody waits for everything before this position. */
    long urgentEnd() {
        return urgentEnd;
    }

    /** The first chunk; for the flusher, after something has been sealed. */
    Chunk head() {
        return head;
    }

    /** The flusher is done with a chunk. */
    void drop(Chunk written) {
        head = written.next;
        pool.offer(written.buffer);
    }

    private void link(Chunk chunk) {
        if (tail == null) {
            head = chunk;
        } else {
            tail.next = chunk;
        }
        tail = chunk;
    }

    private ByteBuffer buffer() {
        ByteBuffer pooled = pool.poll();
        return pooled == null ? ByteBuffer.allocateDirect(CHUNK_BYTES) : pooled.clear();
    }
}
