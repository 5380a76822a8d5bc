package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteWriter;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of a queue, the answer to a {@link BrowseCommittedRequest}.
 *
 * <pre>
 * bool known · n × delivery · bool end · varint priority · varint offset
 * </pre>
 *
 * @param known    whether there is such a queue
 * @param messages in order; their delivery ids count within the page
 * @param end      whether there are no more
 * @param priority where the next page begins; 0 at the end
 * @param offset   likewise
 */
public record BrowseCommittedResponse(boolean known, List<Delivery> messages, boolean end, int priority, long offset) {

    public void encode(ByteBuf out) {
        WireBuf.writeBool(out, known);
        WireBuf.writeCount(out, messages.size());
        ByteWriter before = new ByteWriter(Delivery.FIXED_MAX_BYTES);
        for (Delivery message : messages) {
            message.encode(out, before);
            before.truncate(0);
        }
        WireBuf.writeBool(out, end);
        WireBuf.writeVarint(out, priority);
        WireBuf.writeVarint(out, offset);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BrowseCommittedResponse decode(ByteBuf in) {
        boolean known = WireBuf.readBool(in);
        int count = WireBuf.readCount(in, Delivery.MIN_BYTES);
        List<Delivery> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            messages.add(Delivery.decode(in));
        }
        return new BrowseCommittedResponse(
                known, messages, WireBuf.readBool(in), WireBuf.readInt(in), WireBuf.readVarint(in));
    }
}
