package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Puts the next chunk of a large body there (code PUT_CHUNK). The answer is the {@link MessageRef} where it lies, and comes when the chunk is
 * durable. A repeated one is stored once and answered again.
 *
 * <pre>
 * i64 uploadId · varint bodyLength · varint index · bytes
 * </pre>
 *
 * @param uploadId number of the upload, chosen by the client, of its connection
 * @param bodyLength bytes of the whole body, the same for all its chunks
 * @param index 0, 1, 2… in this order; index 0 begins an upload
 * @param bytes as many as {@link io.posthorn.message.LargeBody#chunkBytes} says
 */
public record PutChunkRequest(long uploadId, long bodyLength, int index, byte[] bytes) {

    public void encode(ByteBuf out) {
        out.writeLong(uploadId);
        WireBuf.writeVarint(out, bodyLength);
        WireBuf.writeVarint(out, index);
        WireBuf.writeBytes(out, bytes);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static PutChunkRequest decode(ByteBuf in) {
        return new PutChunkRequest(
                WireBuf.readI64(in), WireBuf.readVarint(in), WireBuf.readInt(in), WireBuf.readBytes(in));
    }
}
