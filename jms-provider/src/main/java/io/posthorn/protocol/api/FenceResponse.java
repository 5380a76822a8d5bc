package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A broker has stopped serving (answer to REPLICA_FENCE). Empty from one that has no lower epoch, from a Slave, and from a release that does not say it.
 *
 * <pre>
 * varint end, left out when it is 0
 * </pre>
 *
 * @param end where its journal ends: nothing comes to it any more; 0 = it does not say
 */
public record FenceResponse(long end) {

    public void encode(ByteBuf out) {
        if (end > 0) {
            WireBuf.writeVarint(out, end);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static FenceResponse decode(ByteBuf in) {
        return new FenceResponse(in.isReadable() ? WireBuf.readVarint(in) : 0);
    }
}
