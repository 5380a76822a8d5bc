package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Prepares, rolls back or forgets a branch (codes XA_PREPARE, XA_ROLLBACK, XA_FORGET).
 *
 * <pre>
 * branch · bool repeated
 * </pre>
 *
 * @param repeated whether the same request went out before on a connection that was lost: then what it asks for may be done already
 */
public record BranchRequest(BranchId branch, boolean repeated) {

    public void encode(ByteBuf out) {
        BranchCodec.write(out, branch);
        WireBuf.writeBool(out, repeated);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BranchRequest decode(ByteBuf in) {
        return new BranchRequest(BranchCodec.read(in), WireBuf.readBool(in));
    }
}
