package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;

/**
 * After a restart or a promotion, a client makes a temporary destination of its own exist again, without messages (code RESTATE_TEMPORARY).
 *
 * <pre>
 * name
 * </pre>
 *
 * @param name the name that CREATE_TEMPORARY gave it; not null
 */
public record RestateTemporaryRequest(DestinationName name) {

    public void encode(ByteBuf out) {
        NameCodec.write(out, name);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static RestateTemporaryRequest decode(ByteBuf in) {
        return new RestateTemporaryRequest(NameCodec.read(in));
    }
}
