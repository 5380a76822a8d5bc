package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Answer to {@link OpenConsumerRequest}.
 *
 * <pre>
 * varint count · count × varint refused index
 * varint count · count × varint settled index
 * </pre>
 *
 * @param refused indexes (from 0) into the restated deliveries that are settled or were given to another consumer meanwhile
 * @param settled those of the refused that are settled, by whomever
 */
public record OpenConsumerResponse(List<Integer> refused, List<Integer> settled) {

    public void encode(ByteBuf out) {
        encodeIndexes(out, refused);
        encodeIndexes(out, settled);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static OpenConsumerResponse decode(ByteBuf in) {
        return new OpenConsumerResponse(decodeIndexes(in), decodeIndexes(in));
    }

    private static void encodeIndexes(ByteBuf out, List<Integer> indexes) {
        WireBuf.writeCount(out, indexes.size());
        for (int index : indexes) {
            WireBuf.writeVarint(out, index);
        }
    }

    private static List<Integer> decodeIndexes(ByteBuf in) {
        int count = WireBuf.readCount(in, 1);
        List<Integer> indexes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            indexes.add(WireBuf.readInt(in));
        }
        return indexes;
    }
}
