package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Deletes a destination with all it has (code DESTINATION_DELETE). Empty answer; INVALID_DESTINATION, or DESTINATION_IN_USE.
 *
 * <pre>
 * name · bool force
 * </pre>
 *
 * @param force whether consumers, subscriptions and messages go too
 */
public record DestinationDeleteRequest(DestinationName name, boolean force) {

    public void encode(ByteBuf out) {
        NameCodec.write(out, name);
        WireBuf.writeBool(out, force);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DestinationDeleteRequest decode(ByteBuf in) {
        return new DestinationDeleteRequest(NameCodec.read(in), WireBuf.readBool(in));
    }
}
