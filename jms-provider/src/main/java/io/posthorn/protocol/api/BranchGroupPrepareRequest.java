package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;

/**
 * Prepares a branch of a global transaction that is committed in one phase over several broker groups (code XA_GROUP_PREPARE). From then on it is
 * known under another identity, which names the coordinator. Answered like XA_PREPARE.
 *
 * <pre>
 * branch · bool repeated · branch as
 * </pre>
 *
 * @param of what its transaction manager calls it
 * @param as its identity from now on
 */
public record BranchGroupPrepareRequest(BranchRequest of, BranchId as) {

    public void encode(ByteBuf out) {
        of.encode(out);
        BranchCodec.write(out, as);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BranchGroupPrepareRequest decode(ByteBuf in) {
        return new BranchGroupPrepareRequest(BranchRequest.decode(in), BranchCodec.read(in));
    }
}
