package io.posthorn.server.store.journal;

import io.posthorn.server.store.JournalSource;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Walks over the entries of one segment through a sliding buffer. One thread; the cursor stays before the first thing that is not an
 * intact entry.
 */
final class EntryCursor {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Segment segment;
    private byte[] buffer;
    private long bufferPosition;
    private int bufferLength;

    private long position;
    private long end;
    private int payloadLength;

    /**
     * @param from        position of the first entry to look at
     * @param bufferBytes how much to read ahead
     */
    EntryCursor(Segment segment, long from, int bufferBytes) {
        this.segment = segment;
        this.buffer = new byte[Math.max(Math.min(bufferBytes, segment.capacity()), JournalFormat.ENTRY_HEADER_BYTES)];
        this.bufferPosition = from;
        this.end = from;
    }

    /** Steps to the next entry; false, and no step, when no intact one lies there. */
    boolean next() throws IOException {
        long at = end;
        if (at + JournalFormat.ENTRY_HEADER_BYTES >= segment.limit() || !load(at, JournalFormat.ENTRY_HEADER_BYTES)) {
            return false;
        }
        int length = (int) INT.get(buffer, index(at) + JournalFormat.ENTRY_LENGTH_AT);
        long room = segment.limit() - at - JournalFormat.ENTRY_HEADER_BYTES;
        if (length <= 0
                || length > room
                || (long) LONG.get(buffer, index(at) + JournalFormat.ENTRY_POSITION_AT) != at) {
            return false;
        }
        int total = JournalFormat.ENTRY_HEADER_BYTES + length;
        if (!load(at, total)) {
            return false;
        }
        int crc = JournalFormat.crc(buffer, index(at) + 4, total - 4);
        if (crc != (int) INT.get(buffer, index(at))) {
            return false;
        }
        position = at;
        payloadLength = length;
        end = at + total;
        return true;
    }

    long position() {
        return position;
    }

    /** Just after the current entry; the start before the first. */
    long end() {
        return end;
    }

    long epoch() {
        return (long) LONG.get(buffer, index(position) + JournalFormat.ENTRY_EPOCH_AT);
    }

    /** Everything before this position was durable when the current entry was appended. */
    long durableThen() {
        int exposed = (int) INT.get(buffer, index(position) + JournalFormat.ENTRY_EXPOSED_AT);
        return position - Integer.toUnsignedLong(exposed);
    }

    void visit(JournalSource.Visitor visitor) {
        int from = index(position) + JournalFormat.ENTRY_HEADER_BYTES;
        visitor.entry(position, end, epoch(), buffer, from, payloadLength);
    }

    private int index(long at) {
        return (int) (at - bufferPosition);
    }

    /** Makes the bytes [at, at + length) available; false if the file ends before. */
    private boolean load(long at, int length) throws IOException {
        int have = bufferLength - index(at);
        if (have >= length) {
            return true;
        }
        if (buffer.length < length) {
            byte[] larger = new byte[length];
            System.arraycopy(buffer, index(at), larger, 0, have);
            buffer = larger;
        } else {
            System.arraycopy(buffer, index(at), buffer, 0, have);
        }
        bufferPosition = at;
        bufferLength = have;
        long left = segment.limit() - at - have;
        int want = (int) Math.min(buffer.length - have, left);
        if (want > 0) {
            bufferLength += segment.read(ByteBuffer.wrap(buffer, have, want), at + have);
        }
        return bufferLength >= length;
    }
}
