package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * An operator decides a prepared branch without its transaction manager (code XA_DECIDE): a heuristic decision, of which the
 * transaction manager hears when it comes back.
 *
 * <pre>
 * branch · bool commit
 * </pre>
 */
public record BranchDecideRequest(BranchId branch, boolean commit) {

    public void encode(ByteBuf out) {
        BranchCodec.write(out, branch);
        WireBuf.writeBool(out, commit);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BranchDecideRequest decode(ByteBuf in) {
        return new BranchDecideRequest(BranchCodec.read(in), WireBuf.readBool(in));
    }
}
