package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.List;

/**
 * Prepares what a session has done at one broker group in a transaction of several groups (code GROUP_PREPARE): its sends and what it has
 * consumed become a branch, which is prepared at once. Answered like XA_PREPARE.
 *
 * <pre>
 * branch · bool repeated · i64 producerId · varint txSequence · varint staged · varint count · count × range
 * </pre>
 *
 * @param branch names the coordinator, see WIRE.md
 * @param repeated whether it went out before on a connection that was lost
 * @param staged how many sends were staged under these numbers; a mismatch rolls the transaction back
 * @param consumed deliveries consumed in the transaction
 */
public record GroupPrepareRequest(
        BranchId branch, boolean repeated, long producerId, long txSequence, int staged, List<DeliveryRange> consumed) {

    public void encode(ByteBuf out) {
        ByteWriter before = new ByteWriter(192);
        branch.write(before);
        before.u8(repeated ? 1 : 0).i64(producerId).varint(txSequence).varint(staged);
        DeliveryRange.encodeAll(out, before, consumed);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static GroupPrepareRequest decode(ByteBuf in) {
        return new GroupPrepareRequest(
                BranchCodec.read(in),
                WireBuf.readBool(in),
                WireBuf.readI64(in),
                WireBuf.readVarint(in),
                WireBuf.readInt(in),
                DeliveryRange.decodeAll(in));
    }
}
