package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Deletes a durable subscription of the connection's client id, or of none (code UNSUBSCRIBE). Empty answer, or
 * UNKNOWN_SUBSCRIPTION, or SUBSCRIPTION_IN_USE.
 *
 * <pre>
 * string name
 * </pre>
 */
public record UnsubscribeRequest(String name) {

    public void encode(ByteBuf out) {
        WireBuf.writeString(out, name);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static UnsubscribeRequest decode(ByteBuf in) {
        return new UnsubscribeRequest(WireBuf.readString(in));
    }
}
