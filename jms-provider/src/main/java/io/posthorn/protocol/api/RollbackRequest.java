package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.List;

/**
 * Rolls a local transaction back (code ROLLBACK): drops what was staged and releases the deliveries.
 *
 * <pre>
 * i64 producerId · varint txSequence · varint count · count × range
 * </pre>
 *
 * @param released deliveries consumed in the transaction
 */
public record RollbackRequest(long producerId, long txSequence, List<DeliveryRange> released) {

    public void encode(ByteBuf out) {
        ByteWriter before = new ByteWriter(64).i64(producerId).varint(txSequence);
        DeliveryRange.encodeAll(out, before, released);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static RollbackRequest decode(ByteBuf in) {
        return new RollbackRequest(WireBuf.readI64(in), WireBuf.readVarint(in), DeliveryRange.decodeAll(in));
    }
}
