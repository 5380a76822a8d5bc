package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens a consumer (code OPEN_CONSUMER), creating its subscription when there is none. No credit is implied.
 *
 * <pre>
 * varint consumerId · u8 mode · name destination · optional subscriptionName · optional selector
 * bool noLocal · varint count · count × ref
 * </pre>
 *
 * @param consumerId number chosen by the client, unique within its connection; positive
 * @param mode       not null
 * @param destination queue or topic; not null
 * @param subscriptionName for DURABLE, SHARED and SHARED_DURABLE; null otherwise
 * @param selector   selector text, or null
 * @param noLocal    leave out what this connection, or its client id, publishes
 * @param restated   deliveries of an earlier incarnation of this consumer that the application still holds; the broker
 *                   takes them in flight again, in the order given, as delivery ids 1, 2, 3…; not null
 */
public record OpenConsumerRequest(
        int consumerId,
        ConsumerMode mode,
        DestinationName destination,
        String subscriptionName,
        String selector,
        boolean noLocal,
        List<MessageRef> restated) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, consumerId);
        out.writeByte(mode.ordinal());
        NameCodec.write(out, destination);
        WireBuf.writeOptionalString(out, subscriptionName);
        WireBuf.writeOptionalString(out, selector);
        WireBuf.writeBool(out, noLocal);
        WireBuf.writeCount(out, restated.size());
        for (MessageRef ref : restated) {
            ref.encode(out);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static OpenConsumerRequest decode(ByteBuf in) {
        return new OpenConsumerRequest(
                WireBuf.readInt(in),
                ConsumerMode.ofCode(WireBuf.readU8(in)),
                NameCodec.read(in),
                WireBuf.readOptionalString(in),
                WireBuf.readOptionalString(in),
                WireBuf.readBool(in),
                readRefs(in));
    }

    private static List<MessageRef> readRefs(ByteBuf in) {
        int count = WireBuf.readCount(in, MessageRef.BYTES);
        List<MessageRef> refs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            refs.add(MessageRef.decode(in));
        }
        return refs;
    }
}
