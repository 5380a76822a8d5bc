package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Sets how far the broker may deliver (code CREDIT, one-way). Delivery ids count 1, 2, 3… per consumer, so the limit is
 * absolute and a lost or repeated credit does no harm; a limit at or below the last delivery stops the flow.
 *
 * <pre>
 * varint consumerId · varint limit · varint windowMaxBytes
 * </pre>
 *
 * @param limit highest delivery id the broker may use
 * @param windowMaxBytes the broker pauses while this many bytes are delivered and not handed over
 */
public record CreditRequest(int consumerId, long limit, int windowMaxBytes) {

    public void encode(ByteBuf out) {
        WireBuf.append(out, new ByteWriter(24).varint(consumerId).varint(limit).varint(windowMaxBytes));
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static CreditRequest decode(ByteBuf in) {
        return new CreditRequest(WireBuf.readInt(in), WireBuf.readVarint(in), WireBuf.readInt(in));
    }
}
