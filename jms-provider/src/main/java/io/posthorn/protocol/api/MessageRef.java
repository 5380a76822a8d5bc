package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Where a delivered message lies: lane and offset. It stays valid over a restart of the broker, which delivery ids do not.
 *
 * <pre>
 * i64 lane · i64 offset
 * </pre>
 *
 * @param lane   packed lane id, as the broker gave it
 * @param offset offset in the lane; negative for a non-persistent message, which no restart survives
 */
public record MessageRef(long lane, long offset) {

    static final int BYTES = 16;

    public void encode(ByteBuf out) {
        out.writeLong(lane);
        out.writeLong(offset);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static MessageRef decode(ByteBuf in) {
        return new MessageRef(WireBuf.readI64(in), WireBuf.readI64(in));
    }
}
