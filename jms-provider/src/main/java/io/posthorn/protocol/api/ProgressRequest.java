package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * The application is done with some deliveries of a consumer, and the client is about to give it all up to another one (code PROGRESS,
 * one-way). The first are accepted as by an ACKNOWLEDGE of them, which follows all the same and is answered: so the client learns that
 * they are settled for good. The others are marked as by HAND_OVER.
 *
 * <pre>
 * varint consumerId · varint acceptedFrom · varint (acceptedTo − acceptedFrom) · varint deliveryIdTo
 * </pre>
 */
public record ProgressRequest(int consumerId, long acceptedFrom, long acceptedTo, long deliveryIdTo) {

    public void encode(ByteBuf out) {
        WireBuf.append(
                out,
                new ByteWriter(32)
                        .varint(consumerId)
                        .varint(acceptedFrom)
                        .varint(acceptedTo - acceptedFrom)
                        .varint(deliveryIdTo));
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ProgressRequest decode(ByteBuf in) {
        DeliveryRange accepted = DeliveryRange.decode(in);
        return new ProgressRequest(accepted.consumerId(), accepted.from(), accepted.to(), WireBuf.readVarint(in));
    }
}
