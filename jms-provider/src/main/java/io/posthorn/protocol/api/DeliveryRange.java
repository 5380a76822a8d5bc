package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Deliveries {@code from} to {@code to} of a consumer, both included.
 *
 * <pre>
 * varint consumerId · varint from · varint (to − from)
 * </pre>
 */
public record DeliveryRange(int consumerId, long from, long to) {

    /** Three varints of one byte each. */
    static final int MIN_BYTES = 3;

    /** @throws ProtocolException if the bytes are malformed */
    public static DeliveryRange decode(ByteBuf in) {
        int consumerId = WireBuf.readInt(in);
        long from = WireBuf.readVarint(in);
        long to = from + WireBuf.readVarint(in);
        if (to < from) {
            throw new ProtocolException("a range of deliveries that ends beyond 2^63");
        }
        return new DeliveryRange(consumerId, from, to);
    }

    /** Writes the fields before them, the count, then the ranges. */
    static void encodeAll(ByteBuf out, ByteWriter before, List<DeliveryRange> ranges) {
        before.varint(WireBuf.checkCount(ranges.size()));
        for (int i = 0; i < ranges.size(); i++) {
            DeliveryRange range = ranges.get(i);
            before.varint(range.consumerId).varint(range.from).varint(range.to - range.from);
        }
        WireBuf.append(out, before);
    }

    static List<DeliveryRange> decodeAll(ByteBuf in) {
        int count = WireBuf.readCount(in, MIN_BYTES);
        List<DeliveryRange> ranges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ranges.add(decode(in));
        }
        return ranges;
    }
}
