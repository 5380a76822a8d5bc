package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * The client is done with an upload (code END_UPLOAD): its chunks stay as long as a message refers to them. Repeating it has no effect. The
 * answer is empty.
 *
 * <pre>
 * i64 uploadId
 * </pre>
 */
public record EndUploadRequest(long uploadId) {

    public void encode(ByteBuf out) {
        out.writeLong(uploadId);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static EndUploadRequest decode(ByteBuf in) {
        return new EndUploadRequest(WireBuf.readI64(in));
    }
}
