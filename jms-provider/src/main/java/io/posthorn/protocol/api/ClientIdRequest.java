package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Claims a JMS client identifier for this connection (code CLIENT_ID). Empty answer, or INVALID_CLIENT_ID.
 *
 * <pre>
 * string clientId
 * </pre>
 *
 * @param clientId not null, not empty
 */
public record ClientIdRequest(String clientId) {

    public void encode(ByteBuf out) {
        WireBuf.writeString(out, clientId);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ClientIdRequest decode(ByteBuf in) {
        return new ClientIdRequest(WireBuf.readString(in));
    }
}
