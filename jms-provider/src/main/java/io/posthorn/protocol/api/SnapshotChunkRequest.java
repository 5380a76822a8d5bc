package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Asks for a piece of a snapshot's file (code SNAPSHOT_CHUNK). The answer is a {@link ChunkResponse}; refused with ILLEGAL_STATE when there is
 * no such snapshot any more.
 *
 * <pre>
 * i64 snapshotId · varint offset · varint maxBytes
 * </pre>
 */
public record SnapshotChunkRequest(long snapshotId, long offset, int maxBytes) {

    public void encode(ByteBuf out) {
        out.writeLong(snapshotId);
        WireBuf.writeVarint(out, offset);
        WireBuf.writeVarint(out, maxBytes);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static SnapshotChunkRequest decode(ByteBuf in) {
        return new SnapshotChunkRequest(WireBuf.readI64(in), WireBuf.readVarint(in), WireBuf.readInt(in));
    }
}
