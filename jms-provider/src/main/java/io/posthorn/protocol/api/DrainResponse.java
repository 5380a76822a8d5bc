package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Answer to {@link DrainRequest}.
 *
 * <pre>
 * varint lastDeliveryId · bool endOfBrowse
 * </pre>
 *
 * @param lastDeliveryId last delivery id used; credit beyond it is void
 * @param endOfBrowse for a BROWSE consumer, whether everything has been shown
 */
public record DrainResponse(long lastDeliveryId, boolean endOfBrowse) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, lastDeliveryId);
        WireBuf.writeBool(out, endOfBrowse);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DrainResponse decode(ByteBuf in) {
        return new DrainResponse(WireBuf.readVarint(in), WireBuf.readBool(in));
    }
}
