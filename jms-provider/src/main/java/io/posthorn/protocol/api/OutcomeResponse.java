package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Answer to {@link OutcomeRequest}.
 *
 * <pre>
 * bool committed
 * </pre>
 *
 * @param committed true when the commit is durable; false means that it is rolled back, now and for ever
 */
public record OutcomeResponse(boolean committed) {

    public void encode(ByteBuf out) {
        WireBuf.writeBool(out, committed);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static OutcomeResponse decode(ByteBuf in) {
        return new OutcomeResponse(WireBuf.readBool(in));
    }
}
