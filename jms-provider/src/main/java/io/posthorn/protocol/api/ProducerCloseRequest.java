package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * The session has ended in order: its dedup row and transaction outcome can go (code PRODUCER_CLOSE, one-way).
 *
 * <pre>
 * i64 producerId
 * </pre>
 */
public record ProducerCloseRequest(long producerId) {

    public void encode(ByteBuf out) {
        out.writeLong(producerId);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ProducerCloseRequest decode(ByteBuf in) {
        return new ProducerCloseRequest(WireBuf.readI64(in));
    }
}
