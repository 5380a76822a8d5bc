package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A durable subscription by its key: asks for its topic (code FIND_SUBSCRIPTION), or gives the name back (code RELEASE_SUBSCRIPTION,
 * empty answer).
 *
 * <pre>
 * optional clientId · string name
 * </pre>
 */
public record SubscriptionKeyRequest(String clientId, String name) {

    public void encode(ByteBuf out) {
        WireBuf.writeOptionalString(out, clientId);
        WireBuf.writeString(out, name);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static SubscriptionKeyRequest decode(ByteBuf in) {
        return new SubscriptionKeyRequest(WireBuf.readOptionalString(in), WireBuf.readString(in));
    }
}
