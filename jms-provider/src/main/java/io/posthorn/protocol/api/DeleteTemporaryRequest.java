package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;

/**
 * Deletes a temporary destination of this connection (code DELETE_TEMPORARY); DESTINATION_IN_USE while it has consumers.
 *
 * <pre>
 * name
 * </pre>
 */
public record DeleteTemporaryRequest(DestinationName name) {

    public void encode(ByteBuf out) {
        NameCodec.write(out, name);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DeleteTemporaryRequest decode(ByteBuf in) {
        return new DeleteTemporaryRequest(NameCodec.read(in));
    }
}
