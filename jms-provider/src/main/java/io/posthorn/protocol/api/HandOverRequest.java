package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * The client is about to give the application all deliveries up to this one (code HAND_OVER, one-way). The delivery count
 * of each rises now, so that a message that kills its reader cannot come back as new.
 *
 * <pre>
 * varint consumerId · varint deliveryIdTo
 * </pre>
 */
public record HandOverRequest(int consumerId, long deliveryIdTo) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, consumerId);
        WireBuf.writeVarint(out, deliveryIdTo);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static HandOverRequest decode(ByteBuf in) {
        return new HandOverRequest(WireBuf.readInt(in), WireBuf.readVarint(in));
    }
}
