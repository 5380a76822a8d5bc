package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Asks for the destinations of a broker (code DESTINATION_LIST), in the order of their creation; answered with some of them in a {@link
 * DestinationReports}, and with none when there are no more.
 *
 * <pre>
 * varint skip
 * </pre>
 *
 * @param skip how many to leave out at the beginning
 */
public record DestinationListRequest(int skip) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, skip);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DestinationListRequest decode(ByteBuf in) {
        return new DestinationListRequest(WireBuf.readInt(in));
    }
}
