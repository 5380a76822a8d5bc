package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Creates a temporary queue or topic owned by the connection (code CREATE_TEMPORARY).
 *
 * <pre>
 * bool queue
 * </pre>
 */
public record CreateTemporaryRequest(boolean queue) {

    public void encode(ByteBuf out) {
        WireBuf.writeBool(out, queue);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static CreateTemporaryRequest decode(ByteBuf in) {
        return new CreateTemporaryRequest(WireBuf.readBool(in));
    }
}
