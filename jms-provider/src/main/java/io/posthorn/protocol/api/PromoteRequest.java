package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * An operator makes a Slave the Master (code REPLICA_PROMOTE). The answer is a {@link PromoteResponse}; the broker begins to serve
 * after it.
 *
 * <pre>
 * varint minEpoch · varint minEnd · bool acceptLoss · varint minInSync
 * </pre>
 *
 * @param minEpoch  the new epoch will be above it: the highest one that the operator has seen in the group
 * @param minEnd    the longest journal that the operator has seen in the group; a Slave whose own ends before refuses
 * @param acceptLoss whether it goes ahead even so
 * @param minInSync copies that have to have what the new Master acknowledges, its own included; 0 = as before
 */
public record PromoteRequest(long minEpoch, long minEnd, boolean acceptLoss, int minInSync) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, minEpoch);
        WireBuf.writeVarint(out, minEnd);
        WireBuf.writeBool(out, acceptLoss);
        WireBuf.writeVarint(out, minInSync);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static PromoteRequest decode(ByteBuf in) {
        return new PromoteRequest(
                WireBuf.readVarint(in), WireBuf.readVarint(in), WireBuf.readBool(in), WireBuf.readInt(in));
    }
}
