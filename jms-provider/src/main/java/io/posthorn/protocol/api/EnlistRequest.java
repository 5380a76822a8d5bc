package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import java.util.List;

/**
 * Tells the directory at which other broker groups something was done in a branch, and asks for all of them (code XA_ENLIST). The answer is {@link
 * EnlistResponse}.
 *
 * <pre>
 * branch · varint count · count × string
 * </pre>
 *
 * @param groups may be empty, to ask only
 */
public record EnlistRequest(BranchId branch, List<String> groups) {

    public void encode(ByteBuf out) {
        BranchCodec.write(out, branch);
        ParticipantsCodec.write(out, groups);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static EnlistRequest decode(ByteBuf in) {
        return new EnlistRequest(BranchCodec.read(in), ParticipantsCodec.read(in));
    }
}
