package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A piece of the Master's journal, as it lies in one of its segments. A piece may begin and end within an entry.
 *
 * <pre>
 * varint base · varint previousEnd · varint from · varint commit · bytes
 * </pre>
 *
 * @param base        position of the segment's first entry
 * @param previousEnd end of the segment before it
 * @param from        position of the first byte: the one asked for, or {@code base} when the segment begins behind a gap
 * @param commit      the Master's commit position: the Slave may serve and fold what lies before it
 * @param bytes       empty when there was nothing
 */
public record ReplicaFetchResponse(long base, long previousEnd, long from, long commit, byte[] bytes) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, base);
        WireBuf.writeVarint(out, previousEnd);
        WireBuf.writeVarint(out, from);
        WireBuf.writeVarint(out, commit);
        WireBuf.writeBytes(out, bytes);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ReplicaFetchResponse decode(ByteBuf in) {
        return new ReplicaFetchResponse(
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                WireBuf.readBytes(in));
    }
}
