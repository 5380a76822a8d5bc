package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Broker to client, one-way (code DELIVER): messages for one consumer, in order of delivery id.
 *
 * <pre>
 * varint consumerId · varint count, at least 1 · count × delivery
 * </pre>
 *
 * @param deliveries not empty
 */
public record DeliverCommand(int consumerId, List<Delivery> deliveries) {

    /** Consumer id and count. */
    private static final int FIXED_MAX_BYTES = 5 + 5;

    public void encode(ByteBuf out) {
        ByteWriter before = new ByteWriter(FIXED_MAX_BYTES + Delivery.FIXED_MAX_BYTES);
        before.varint(consumerId).varint(WireBuf.checkCount(deliveries.size()));
        // By index: the hottest loop of the broker needs no iterator.
        for (int i = 0; i < deliveries.size(); i++) {
            deliveries.get(i).encode(out, before);
            before.truncate(0);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DeliverCommand decode(ByteBuf in) {
        int consumerId = WireBuf.readInt(in);
        int count = WireBuf.readCount(in, Delivery.MIN_BYTES);
        if (count == 0) {
            throw new ProtocolException("a deliver command without deliveries");
        }
        List<Delivery> deliveries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            deliveries.add(Delivery.decode(in));
        }
        return new DeliverCommand(consumerId, deliveries);
    }

    /** An upper bound of what {@link #encode} writes, to allocate a buffer that need not grow. */
    public int encodedMaxBytes() {
        int bytes = FIXED_MAX_BYTES;
        for (int i = 0; i < deliveries.size(); i++) {
            bytes += Delivery.FIXED_MAX_BYTES + deliveries.get(i).message().size();
        }
        return bytes;
    }
}
