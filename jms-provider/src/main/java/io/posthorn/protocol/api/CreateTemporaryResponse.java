package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Answer to {@link CreateTemporaryRequest}: the new destination's name, which carries the brokerName.
 *
 * <pre>
 * string name
 * </pre>
 */
public record CreateTemporaryResponse(String name) {

    public void encode(ByteBuf out) {
        WireBuf.writeString(out, name);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static CreateTemporaryResponse decode(ByteBuf in) {
        return new CreateTemporaryResponse(WireBuf.readString(in));
    }
}
