package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A durable subscription by its key and all that it was made with (code GRANT_SUBSCRIPTION, and inside PLACE).
 *
 * <pre>
 * optional clientId · string name · name topic · optional selector · bool noLocal · bool shared
 * </pre>
 *
 * @param clientId client identifier that is part of its key, or null
 */
public record SubscriptionTerms(
        String clientId, String name, DestinationName topic, String selector, boolean noLocal, boolean shared) {

    static final int MIN_BYTES = 8;

    public void encode(ByteBuf out) {
        WireBuf.writeOptionalString(out, clientId);
        WireBuf.writeString(out, name);
        NameCodec.write(out, topic);
        WireBuf.writeOptionalString(out, selector);
        WireBuf.writeBool(out, noLocal);
        WireBuf.writeBool(out, shared);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static SubscriptionTerms decode(ByteBuf in) {
        return new SubscriptionTerms(
                WireBuf.readOptionalString(in),
                WireBuf.readString(in),
                NameCodec.read(in),
                WireBuf.readOptionalString(in),
                WireBuf.readBool(in),
                WireBuf.readBool(in));
    }
}
