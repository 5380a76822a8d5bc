package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;

/**
 * Asks for one chunk of a large body (code FETCH_CHUNK). The answer is a {@link ChunkResponse}.
 *
 * <pre>
 * ref
 * </pre>
 *
 * @param at where it lies; not null
 */
public record FetchChunkRequest(MessageRef at) {

    public void encode(ByteBuf out) {
        at.encode(out);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static FetchChunkRequest decode(ByteBuf in) {
        return new FetchChunkRequest(MessageRef.decode(in));
    }
}
