package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;

/**
 * Asks for one destination (code DESTINATION_SHOW); answered with a {@link DestinationReports}, or INVALID_DESTINATION.
 *
 * <pre>
 * name
 * </pre>
 */
public record DestinationShowRequest(DestinationName name) {

    public void encode(ByteBuf out) {
        NameCodec.write(out, name);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DestinationShowRequest decode(ByteBuf in) {
        return new DestinationShowRequest(NameCodec.read(in));
    }
}
