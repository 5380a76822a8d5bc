package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
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

    /** @param before what comes before it and is not written yet */
    void encode(ByteBuf out, ByteWriter before) {
        before.varint(deliveryId).varint(deliveryCount).i64(ref.lane()).i64(ref.offset());
        MessageCodec.write(out, before, message);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static Delivery decode(ByteBuf in) {
        try {
            ByteReader before = WireBuf.peek(in, FIXED_MAX_BYTES);
            long deliveryId = before.varint();
            long deliveryCount = before.varint();
            if (deliveryCount > Integer.MAX_VALUE) {
                throw new ProtocolException("a delivery count of " + deliveryCount);
            }
            MessageRef ref = new MessageRef(before.i64(), before.i64());
            return new Delivery(deliveryId, (int) deliveryCount, ref, MessageCodec.read(in, before));
        } catch (MalformedMessageException malformed) {
            throw new ProtocolException(malformed.getMessage());
        }
    }
}
