package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * One message on its way to a consumer.
 *
 * <pre>
 * varint deliveryId · varint deliveryCount · ref · message
 * </pre>
 *
 * @param deliveryId 1, 2, 3… per consumer
 * @param deliveryCount how often the message was handed to an application before: 0 at the first delivery
 * @param ref        where it lies
 * @param message    not null
 */
public record Delivery(long deliveryId, int deliveryCount, MessageRef ref, EncodedMessage message) {

    /** With an empty message, which no decoder accepts. */
    static final int MIN_BYTES = 2 + MessageRef.BYTES + 1;

    /** Two varints, the reference, and the length of the message. */
    static final int FIXED_MAX_BYTES = 9 + 5 + MessageRef.BYTES + 5;

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, deliveryId);
        WireBuf.writeVarint(out, deliveryCount);
        ref.encode(out);
        MessageCodec.write(out, message);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static Delivery decode(ByteBuf in) {
        return new Delivery(WireBuf.readVarint(in), WireBuf.readInt(in), MessageRef.decode(in), MessageCodec.read(in));
    }
}
