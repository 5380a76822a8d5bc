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
 * varint count · count × varint index
 * </pre>
 *
 * @param refused indexes (from 0) into the restated deliveries that are settled or were given to another consumer meanwhile
 */
public record OpenConsumerResponse(List<Integer> refused) {

    public void encode(ByteBuf out) {
        WireBuf.writeCount(out, refused.size());
        for (int index : refused) {
            WireBuf.writeVarint(out, index);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static OpenConsumerResponse decode(ByteBuf in) {
        int count = WireBuf.readCount(in, 1);
        List<Integer> refused = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            refused.add(WireBuf.readInt(in));
        }
        return new OpenConsumerResponse(refused);
    }
}
