package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A Slave asks for journal (code REPLICA_FETCH). The answer, a {@link ReplicaFetchResponse}, comes when there is some, or after
 * {@code waitMs} without any.
 *
 * <pre>
 * varint from · varint durable · varint maxBytes · varint waitMs
 * </pre>
 *
 * @param from     position of the first byte wanted: all before has been received
 * @param durable  everything before it is durable at the Slave
 * @param maxBytes most bytes in the answer, at least 1
 * @param waitMs   how long the Master may wait for new entries, in ms
 */
public record ReplicaFetchRequest(long from, long durable, int maxBytes, int waitMs) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, from);
        WireBuf.writeVarint(out, durable);
        WireBuf.writeVarint(out, maxBytes);
        WireBuf.writeVarint(out, waitMs);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ReplicaFetchRequest decode(ByteBuf in) {
        return new ReplicaFetchRequest(
                WireBuf.readVarint(in), WireBuf.readVarint(in), WireBuf.readInt(in), WireBuf.readInt(in));
    }
}
