package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Asks how a local transaction ended (code OUTCOME), after its commit went unanswered.
 *
 * <pre>
 * i64 producerId · varint txSequence
 * </pre>
 */
public record OutcomeRequest(long producerId, long txSequence) {

    public void encode(ByteBuf out) {
        out.writeLong(producerId);
        WireBuf.writeVarint(out, txSequence);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static OutcomeRequest decode(ByteBuf in) {
        return new OutcomeRequest(WireBuf.readI64(in), WireBuf.readVarint(in));
    }
}
