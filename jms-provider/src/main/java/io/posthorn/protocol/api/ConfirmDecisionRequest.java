package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import java.util.List;

/**
 * Tells a coordinator that these broker groups have carried its decision out, so that it may forget them (code CONFIRM_DECISION). Empty answer.
 *
 * <pre>
 * branch · varint count · count × string
 * </pre>
 */
public record ConfirmDecisionRequest(BranchId branch, List<String> participants) {

    public void encode(ByteBuf out) {
        BranchCodec.write(out, branch);
        ParticipantsCodec.write(out, participants);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ConfirmDecisionRequest decode(ByteBuf in) {
        return new ConfirmDecisionRequest(BranchCodec.read(in), ParticipantsCodec.read(in));
    }
}
