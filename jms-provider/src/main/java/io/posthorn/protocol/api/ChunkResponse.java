package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * The chunk that a {@link FetchChunkRequest} asked for.
 *
 * <pre>
 * bytes
 * </pre>
 */
public record ChunkResponse(byte[] bytes) {

    public void encode(ByteBuf out) {
        write(out, bytes, 0, bytes.length);
    }

    /** The same for a part of an array. */
    public static void write(ByteBuf out, byte[] array, int from, int length) {
        WireBuf.writeVarint(out, length);
        out.writeBytes(array, from, length);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ChunkResponse decode(ByteBuf in) {
        return new ChunkResponse(WireBuf.readBytes(in));
    }
}
