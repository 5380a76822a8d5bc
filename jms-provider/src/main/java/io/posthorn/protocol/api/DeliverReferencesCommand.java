package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.MessagePlace;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Broker to client, one-way (code DELIVER_REFERENCES): messages for one consumer, in order of delivery id and in one sequence with those of
 * {@link DeliverCommand}, as references. The client gets them with {@link FetchMessagesRequest}, from the Slave with brokerId 1 or else from
 * the Master. Only for clients that have said that they take references ({@link ConnectRequest#TAKES_REFERENCES}).
 *
 * <pre>
 * varint consumerId · varint count, at least 1 · count × reference
 *   reference   varint deliveryId · varint deliveryCount · ref · varint position · varint epoch · varint size
 * </pre>
 *
 * @param references not empty
 */
public record DeliverReferencesCommand(int consumerId, List<Reference> references) {

    private static final int FIXED_MAX_BYTES = 10;
    private static final int REFERENCE_MIN_BYTES = 5 + MessageRef.BYTES;
    private static final int REFERENCE_MAX_BYTES = 9 + 5 + MessageRef.BYTES + 9 + 9 + 5;

    /**
     * One message.
     *
     * @param deliveryId as in {@link Delivery}
     * @param deliveryCount likewise
     * @param ref   likewise
     * @param place where it lies, and how large it is
     */
    public record Reference(long deliveryId, int deliveryCount, MessageRef ref, MessagePlace place) {}

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, consumerId);
        WireBuf.writeCount(out, references.size());
        for (Reference reference : references) {
            WireBuf.writeVarint(out, reference.deliveryId);
            WireBuf.writeVarint(out, reference.deliveryCount);
            reference.ref.encode(out);
            WireBuf.writeVarint(out, reference.place.position());
            WireBuf.writeVarint(out, reference.place.epoch());
            WireBuf.writeVarint(out, reference.place.size());
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DeliverReferencesCommand decode(ByteBuf in) {
        int consumerId = WireBuf.readInt(in);
        int count = WireBuf.readCount(in, REFERENCE_MIN_BYTES);
        if (count == 0) {
            throw new ProtocolException("a deliver command without references");
        }
        List<Reference> references = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            references.add(new Reference(
                    WireBuf.readVarint(in),
                    WireBuf.readInt(in),
                    MessageRef.decode(in),
                    new MessagePlace(WireBuf.readVarint(in), WireBuf.readVarint(in), WireBuf.readInt(in))));
        }
        return new DeliverReferencesCommand(consumerId, references);
    }

    /** An upper bound of what {@link #encode} writes. */
    public int encodedMaxBytes() {
        return FIXED_MAX_BYTES + references.size() * REFERENCE_MAX_BYTES;
    }
}
