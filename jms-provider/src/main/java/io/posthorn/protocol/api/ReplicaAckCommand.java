package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A Slave says what is durable there (code REPLICA_ACK, one-way).
 *
 * <pre>
 * varint durable
 * </pre>
 *
 * @param durable everything before this position is durable at the Slave
 */
public record ReplicaAckCommand(long durable) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, durable);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ReplicaAckCommand decode(ByteBuf in) {
        return new ReplicaAckCommand(WireBuf.readVarint(in));
    }
}
