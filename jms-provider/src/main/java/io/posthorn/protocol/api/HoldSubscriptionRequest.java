package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Holds the name of a shared subscription that is not durable, for as long as a consumer of it is open, or gives it back (code HOLD_SUBSCRIPTION). While
 * it is held it stands for one topic and one selector. The answer is empty.
 *
 * <pre>
 * varint consumer · bool held · terms
 * </pre>
 *
 * @param consumer the asking client's number for its consumer
 */
public record HoldSubscriptionRequest(int consumer, boolean held, SubscriptionTerms terms) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, consumer);
        WireBuf.writeBool(out, held);
        terms.encode(out);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static HoldSubscriptionRequest decode(ByteBuf in) {
        return new HoldSubscriptionRequest(WireBuf.readInt(in), WireBuf.readBool(in), SubscriptionTerms.decode(in));
    }
}
