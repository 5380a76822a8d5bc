package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A further step of the login (code AUTHENTICATE): the mechanism's answer to the last challenge.
 *
 * <pre>
 * bytes response
 * </pre>
 *
 * @param response not null
 */
public record AuthenticateRequest(byte[] response) {

    public void encode(ByteBuf out) {
        WireBuf.writeBytes(out, response);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static AuthenticateRequest decode(ByteBuf in) {
        return new AuthenticateRequest(WireBuf.readBytes(in));
    }
}
