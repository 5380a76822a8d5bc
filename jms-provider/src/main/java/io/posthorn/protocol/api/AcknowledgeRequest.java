package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.List;

/**
 * Settles deliveries outside a transaction (code ACKNOWLEDGE). ACCEPT and REJECT imply the hand-over mark. Empty answer,
 * once durable; ids that are settled already are ignored, unknown ones (given elsewhere after a loss) answer
 * DELIVERY_LOST after the others were settled.
 *
 * <pre>
 * u8 disposition · u8 awaited · varint count · count × range
 * </pre>
 *
 * @param awaited whether somebody waits for the answer; when nobody does, the broker lets it share the disk sync of what comes
 *     next, for a second at the most
 */
public record AcknowledgeRequest(Disposition disposition, boolean awaited, List<DeliveryRange> ranges) {

    public void encode(ByteBuf out) {
        ByteWriter before = new ByteWriter(64).u8(disposition.ordinal()).u8(awaited ? 1 : 0);
        DeliveryRange.encodeAll(out, before, ranges);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static AcknowledgeRequest decode(ByteBuf in) {
        return new AcknowledgeRequest(
                Disposition.ofCode(WireBuf.readU8(in)), WireBuf.readU8(in) != 0, DeliveryRange.decodeAll(in));
    }
}
