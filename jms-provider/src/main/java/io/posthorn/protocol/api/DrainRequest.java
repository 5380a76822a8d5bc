package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Asks the broker to deliver what it can within the credit, and then to take the rest of the credit back (code DRAIN). The
 * answer follows the deliveries, so a client that got none knows that there was none.
 *
 * <pre>
 * varint consumerId · varint limit
 * </pre>
 *
 * @param limit credit limit that holds for this drain, see {@link CreditRequest}
 */
public record DrainRequest(int consumerId, long limit) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, consumerId);
        WireBuf.writeVarint(out, limit);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DrainRequest decode(ByteBuf in) {
        return new DrainRequest(WireBuf.readInt(in), WireBuf.readVarint(in));
    }
}
