package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Broker to client, one-way (code CONSUMER_CLOSED): the broker has closed this consumer.
 *
 * <pre>
 * varint consumerId · varint errorCode · string text
 * </pre>
 *
 * @param errorCode why, a code of {@link io.posthorn.protocol.ErrorCode}
 * @param text      for people; not null
 */
public record ConsumerClosedCommand(int consumerId, int errorCode, String text) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, consumerId);
        WireBuf.writeVarint(out, errorCode);
        WireBuf.writeString(out, text);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ConsumerClosedCommand decode(ByteBuf in) {
        return new ConsumerClosedCommand(WireBuf.readInt(in), WireBuf.readInt(in), WireBuf.readString(in));
    }
}
