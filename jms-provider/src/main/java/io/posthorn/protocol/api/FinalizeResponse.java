package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A Master writes its newest format level from now on, and so do its Slaves: the answer to FINALIZE, which has no body.
 *
 * <pre>
 * varint level · bool raised
 * </pre>
 *
 * @param level  the level that is written now
 * @param raised whether it was another before
 */
public record FinalizeResponse(int level, boolean raised) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, level);
        WireBuf.writeBool(out, raised);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static FinalizeResponse decode(ByteBuf in) {
        return new FinalizeResponse(WireBuf.readInt(in), WireBuf.readBool(in));
    }
}
