package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.List;

/**
 * Commits a local transaction (code COMMIT): what was staged under it becomes visible and the deliveries are settled, in one
 * record. Repeating a commit that succeeded answers success again.
 *
 * <pre>
 * i64 producerId · varint txSequence · varint staged · varint count · count × range
 * </pre>
 *
 * @param staged how many sends were staged under it; a mismatch answers TRANSACTION_ROLLED_BACK
 * @param acknowledged deliveries consumed in the transaction
 */
public record CommitRequest(long producerId, long txSequence, int staged, List<DeliveryRange> acknowledged) {

    public void encode(ByteBuf out) {
        ByteWriter before =
                new ByteWriter(64).i64(producerId).varint(txSequence).varint(staged);
        DeliveryRange.encodeAll(out, before, acknowledged);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static CommitRequest decode(ByteBuf in) {
        return new CommitRequest(
                WireBuf.readI64(in), WireBuf.readVarint(in), WireBuf.readInt(in), DeliveryRange.decodeAll(in));
    }
}
