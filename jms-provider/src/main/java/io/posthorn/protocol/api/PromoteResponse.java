package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A Slave is about to become the Master.
 *
 * <pre>
 * varint epoch · varint end
 * </pre>
 *
 * @param epoch of its reign
 * @param end   position up to which it has the journal of those before it
 */
public record PromoteResponse(long epoch, long end) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, epoch);
        WireBuf.writeVarint(out, end);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static PromoteResponse decode(ByteBuf in) {
        return new PromoteResponse(WireBuf.readVarint(in), WireBuf.readVarint(in));
    }
}
