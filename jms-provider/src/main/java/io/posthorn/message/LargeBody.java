package io.posthorn.message;

import java.util.Arrays;

/**
 * Where the body of a large message lies: in chunks, which are messages of a queue of the broker's own. It stands in the place of the
 * body. Whoever sends a large message puts its chunks there first; whoever receives one fetches them. Immutable.
 *
 * <pre>
 * u8      version, 1
 * varint  length of the body in bytes, at least 1
 * i64     lane of the chunks
 * varint  n, then n × (varint from − end of the range before, varint to − from)     offsets of the chunks, in order
 * </pre>
 *
 * <p>Every chunk has {@value #CHUNK_BYTES} bytes, but for the last one, which has the rest.
 */
public final class LargeBody {

    /** The queue of the chunks; no application can use it. */
    public static final DestinationName CHUNKS = DestinationName.queue("$posthorn.chunks");

    /** Bytes of a chunk. */
    public static final int CHUNK_BYTES = 256 << 10;

    /** The most a body may have. */
    public static final long BYTES_MAX = 1L << 30;

    private static final int VERSION = 1;

    private final long length;
    private final long lane;
    private final long[] ranges;

    /**
     * @param length of the body in bytes, 1 to {@link #BYTES_MAX}
     * @param lane   packed lane id
     * @param ranges {@code from, to, from, to, …}: ascending offsets of the chunks, both ends included; not changed afterwards
     * @throws IllegalArgumentException if there are not as many chunks as the length needs
     */
    public LargeBody(long length, long lane, long[] ranges) {
        long chunks = 0;
        for (int i = 0; i < ranges.length && chunks >= 0 && chunks < BYTES_MAX; i += 2) {
            chunks += ranges[i + 1] - ranges[i] + 1;
        }
        if (length < 1 || length > BYTES_MAX || chunks != chunks(length)) {
            throw new IllegalArgumentException("a body of " + length + " bytes in " + chunks + " chunks");
        }
        this.length = length;
        this.lane = lane;
        this.ranges = ranges;
    }

    /** How many chunks a body of this length has. */
    public static int chunks(long length) {
        return (int) ((length + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    /** How many bytes the chunk with this index has, from 0 on. */
    public static int chunkBytes(long length, int index) {
        return (int) Math.min(CHUNK_BYTES, length - (long) index * CHUNK_BYTES);
    }

    /** Of the body, in bytes. */
    public long length() {
        return length;
    }

    public int chunks() {
        return chunks(length);
    }

    /** Packed id of the lane that the chunks lie in. */
    public long lane() {
        return lane;
    }

    /** Do not change it. */
    public long[] ranges() {
        return ranges;
    }

    /** The offset of the first chunk, which belongs to no other body. */
    public long firstOffset() {
        return ranges[0];
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(32 + 4 * ranges.length);
        out.u8(VERSION).varint(length).i64(lane).varint(ranges.length / 2);
        long end = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            out.varint(ranges[i] - end).varint(ranges[i + 1] - ranges[i]);
            end = ranges[i + 1];
        }
        return out.toByteArray();
    }

    /** @throws MalformedMessageException if the bytes are malformed */
    public static LargeBody decode(byte[] array, int from, int byteLength) {
        ByteReader in = new ByteReader(array, from, byteLength);
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedMessageException(
                    "version " + version + " of a large body, this release reads " + VERSION);
        }
        long length = in.varint();
        long lane = in.i64();
        long[] ranges = new long[2 * in.count()];
        long end = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            ranges[i] = end + in.varint();
            ranges[i + 1] = ranges[i] + in.varint();
            if (ranges[i] < 0 || ranges[i + 1] < ranges[i] || i > 0 && ranges[i] <= end) {
                throw new MalformedMessageException("the chunks of a large body are out of order");
            }
            end = ranges[i + 1];
        }
        if (in.remaining() > 0) {
            throw new MalformedMessageException(in.remaining() + " bytes behind a large body");
        }
        try {
            return new LargeBody(length, lane, ranges);
        } catch (IllegalArgumentException unfit) {
            throw new MalformedMessageException(unfit.getMessage());
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LargeBody body
                && length == body.length
                && lane == body.lane
                && Arrays.equals(ranges, body.ranges);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(lane) * 31 + Long.hashCode(firstOffset());
    }

    @Override
    public String toString() {
        return "LargeBody[" + length + " bytes at " + firstOffset() + "]";
    }
}
