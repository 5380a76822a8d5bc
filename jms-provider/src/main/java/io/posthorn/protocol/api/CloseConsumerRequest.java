package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Closes a consumer (code CLOSE_CONSUMER). Deliveries that were not handed to the application go back unread. Those handed
 * over and not settled stay with the connection, for the session to settle, until {@code dropUnsettled}.
 *
 * <pre>
 * varint consumerId · varint handedOverTo · bool keepUnsettled
 * </pre>
 *
 * @param handedOverTo highest delivery id handed to the application, 0 for none
 * @param keepUnsettled true when the session still owns handed-over deliveries (transacted, CLIENT_ACKNOWLEDGE); false
 *     gives everything back
 */
public record CloseConsumerRequest(int consumerId, long handedOverTo, boolean keepUnsettled) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, consumerId);
        WireBuf.writeVarint(out, handedOverTo);
        WireBuf.writeBool(out, keepUnsettled);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static CloseConsumerRequest decode(ByteBuf in) {
        return new CloseConsumerRequest(WireBuf.readInt(in), WireBuf.readVarint(in), WireBuf.readBool(in));
    }
}
