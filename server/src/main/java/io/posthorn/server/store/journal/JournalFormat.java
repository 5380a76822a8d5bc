package io.posthorn.server.store.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The layout of segment files and entries, big-endian. A position is logical: the entry at position p lies in the segment with the
 * greatest base ≤ p, at file offset {@value #SEGMENT_HEADER_BYTES} + p − base.
 *
 * <pre>
 * segment file: {base in 16 hex digits}.journal
 *  0  i32  magic "PHJL"
 *  4  i32  format version, 1
 *  8  i64  base: position of the first entry
 * 16  i64  previous end: position just after the last entry of the segment before, 0 = there was none. In the same epoch it
 *          equals the base; a new epoch begins at the next multiple of 2^40, and what the segment before holds beyond its
 *          previous end is a torn tail that recovery has cut
 * 24  i32  capacity: bytes for entries
 * 28  32 bytes zero
 * 60  i32  CRC32C of bytes 0–59
 * 64  entries, without gaps; then zeros or remains of an older use of the file
 *
 * entry
 *  0  i32  CRC32C of everything behind it
 *  4  i32  n = payload length, at least 1
 *  8  i64  position of this entry: tells it from the remains of an older use
 * 16  i64  epoch of the Master that wrote it
 * 24  i32  exposed, unsigned: how many bytes before this entry were not yet durable when it was appended
 * 28  n bytes payload, see RecordCodec
 * </pre>
 *
 * <p>Why <em>exposed</em>: bytes of one unsynced batch reach the disk in any order, so an intact entry behind a bad one may be the remains
 * of a power loss, or of damage to entries that had been acknowledged. The bad one was acknowledged exactly if it lies
 * before (position − exposed) of an intact one.
 */
final class JournalFormat {

    static final int VERSION = 1;
    static final int SEGMENT_HEADER_BYTES = 64;
    static final int ENTRY_HEADER_BYTES = 28;

    /** A new epoch begins at a multiple of this. */
    static final long EPOCH_SPAN = 1L << 40;

    static final int ENTRY_LENGTH_AT = 4;
    static final int ENTRY_POSITION_AT = 8;
    static final int ENTRY_EPOCH_AT = 16;
    static final int ENTRY_EXPOSED_AT = 24;

    private static final int MAGIC = 0x50484a4c;

    private JournalFormat() {}

    /** What a segment's header says. */
    record Header(long base, long previousEnd, int capacity) {}

    /** The first position of the epoch after the one this position lies in. */
    static long nextEpochBase(long position) {
        return (position / EPOCH_SPAN + 1) * EPOCH_SPAN;
    }

    /** The first position of the epoch that this position lies in. */
    static long epochBase(long position) {
        return position / EPOCH_SPAN * EPOCH_SPAN;
    }

    static ByteBuffer encode(Header header) {
        ByteBuffer out = ByteBuffer.allocate(SEGMENT_HEADER_BYTES);
        out.putInt(MAGIC).putInt(VERSION);
        out.putLong(header.base()).putLong(header.previousEnd()).putInt(header.capacity());
        out.putInt(SEGMENT_HEADER_BYTES - 4, crc(out.array(), 0, SEGMENT_HEADER_BYTES - 4));
        return out.clear();
    }

    /**
     * Reads a segment header.
     *
     * @param in at least {@value #SEGMENT_HEADER_BYTES} bytes
     * @return the header, or null when it is none or is damaged
     * @throws NewerFormatException if it is of a format this release cannot read
     */
    static Header decodeHeader(byte[] in) {
        ByteBuffer bytes = ByteBuffer.wrap(in);
        if (bytes.getInt(0) != MAGIC
                || bytes.getInt(SEGMENT_HEADER_BYTES - 4) != crc(in, 0, SEGMENT_HEADER_BYTES - 4)) {
            return null;
        }
        int version = bytes.getInt(4);
        if (version != VERSION) {
            throw new NewerFormatException(version);
        }
        return new Header(bytes.getLong(8), bytes.getLong(16), bytes.getInt(24));
    }

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
