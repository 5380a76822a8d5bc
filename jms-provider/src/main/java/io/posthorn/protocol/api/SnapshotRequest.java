package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A Slave asks for a snapshot of the Master's store (code SNAPSHOT), again and again until it is there. The answer is a {@link
 * SnapshotResponse}.
 *
 * <pre>
 * i64 snapshotId
 * </pre>
 *
 * @param snapshotId the one it has begun to fetch, and would go on with; 0 = none
 */
public record SnapshotRequest(long snapshotId) {

    public void encode(ByteBuf out) {
        out.writeLong(snapshotId);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static SnapshotRequest decode(ByteBuf in) {
        return new SnapshotRequest(WireBuf.readI64(in));
    }
}
