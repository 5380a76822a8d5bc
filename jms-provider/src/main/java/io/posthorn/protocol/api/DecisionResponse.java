package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Answer to ASK_DECISION.
 *
 * <pre>
 * u8 decision
 * </pre>
 */
public record DecisionResponse(Decision decision) {

    /** How a transaction of several broker groups ended; the order is the code. */
    public enum Decision {
        /** The coordinator knows nothing of it: it was rolled back, and never will be committed. */
        ROLLED_BACK,
        COMMITTED,
        /** Its client is still there. */
        OPEN
    }

    public void encode(ByteBuf out) {
        out.writeByte(decision.ordinal());
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DecisionResponse decode(ByteBuf in) {
        int code = WireBuf.readU8(in);
        if (code >= Decision.values().length) {
            throw new ProtocolException("unknown decision " + code);
        }
        return new DecisionResponse(Decision.values()[code]);
    }
}
