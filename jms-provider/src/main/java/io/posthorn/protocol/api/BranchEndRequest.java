package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.List;

/**
 * A session ends its work in a branch (code XA_END), which takes over what was consumed.
 *
 * <pre>
 * branch · u8 how · i64 producerId · varint txSequence · varint staged · varint count · count × range
 * </pre>
 *
 * @param staged how many sends were staged under these numbers; a mismatch rolls the branch back
 * @param consumed deliveries consumed in the branch
 */
public record BranchEndRequest(
        BranchId branch, How how, long producerId, long txSequence, int staged, List<DeliveryRange> consumed) {

    /** The order is the code. */
    public enum How {
        SUCCESS,
        FAIL,
        SUSPEND
    }

    public void encode(ByteBuf out) {
        ByteWriter before = new ByteWriter(192);
        branch.write(before);
        before.u8(how.ordinal()).i64(producerId).varint(txSequence).varint(staged);
        DeliveryRange.encodeAll(out, before, consumed);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BranchEndRequest decode(ByteBuf in) {
        BranchId branch = BranchCodec.read(in);
        int how = WireBuf.readU8(in);
        if (how >= How.values().length) {
            throw new ProtocolException("no way to end work in a branch: " + how);
        }
        return new BranchEndRequest(
                branch,
                How.values()[how],
                WireBuf.readI64(in),
                WireBuf.readVarint(in),
                WireBuf.readInt(in),
                DeliveryRange.decodeAll(in));
    }
}
