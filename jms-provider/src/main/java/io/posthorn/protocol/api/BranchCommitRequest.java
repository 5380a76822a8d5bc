package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Commits a prepared branch, or an open one in one phase (code XA_COMMIT).
 *
 * <pre>
 * branch · bool repeated · bool onePhase · i64 producerId · varint txSequence
 * </pre>
 *
 * @param repeated as in {@link BranchRequest}
 * @param producerId who asks, and
 * @param txSequence the number of its newest work in the branch; 0 when it has none. They tell how a repeated commit in one phase ended
 */
public record BranchCommitRequest(
        BranchId branch, boolean repeated, boolean onePhase, long producerId, long txSequence) {

    public void encode(ByteBuf out) {
        BranchCodec.write(out, branch);
        WireBuf.writeBool(out, repeated);
        WireBuf.writeBool(out, onePhase);
        out.writeLong(producerId);
        WireBuf.writeVarint(out, txSequence);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BranchCommitRequest decode(ByteBuf in) {
        return new BranchCommitRequest(
                BranchCodec.read(in),
                WireBuf.readBool(in),
                WireBuf.readBool(in),
                WireBuf.readI64(in),
                WireBuf.readVarint(in));
    }
}
