package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Tells a broker of an epoch of its group (code REPLICA_FENCE). A Master of a lower one stops serving before it answers.
 *
 * <pre>
 * varint epoch · string by
 * </pre>
 *
 * @param by who has that epoch, or will have it; for people
 */
public record FenceRequest(long epoch, String by) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, epoch);
        WireBuf.writeString(out, by);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static FenceRequest decode(ByteBuf in) {
        return new FenceRequest(WireBuf.readVarint(in), WireBuf.readString(in));
    }
}
