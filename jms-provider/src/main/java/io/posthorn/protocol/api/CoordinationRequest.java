package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;

/**
 * About a transaction of several broker groups: announces it to its coordinator before anything is prepared (code COORDINATE, empty answer), or asks the
 * coordinator how it ended (code ASK_DECISION).
 *
 * <pre>
 * branch
 * </pre>
 */
public record CoordinationRequest(BranchId branch) {

    public void encode(ByteBuf out) {
        BranchCodec.write(out, branch);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static CoordinationRequest decode(ByteBuf in) {
        return new CoordinationRequest(BranchCodec.read(in));
    }
}
