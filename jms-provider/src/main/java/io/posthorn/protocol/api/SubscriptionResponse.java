package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Answer to GRANT_SUBSCRIPTION and FIND_SUBSCRIPTION.
 *
 * <pre>
 * bool granted · varint count · count × name
 * </pre>
 *
 * @param granted whether the name now stands for what was asked; false when it stands for another topic, and in answers to FIND_SUBSCRIPTION
 * @param topics the topic that it stood for before; none when it stood for nothing
 */
public record SubscriptionResponse(boolean granted, List<DestinationName> topics) {

    private static final int NAME_MIN_BYTES = 3;

    public void encode(ByteBuf out) {
        WireBuf.writeBool(out, granted);
        WireBuf.writeCount(out, topics.size());
        for (DestinationName topic : topics) {
            NameCodec.write(out, topic);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static SubscriptionResponse decode(ByteBuf in) {
        boolean granted = WireBuf.readBool(in);
        int count = WireBuf.readCount(in, NAME_MIN_BYTES);
        List<DestinationName> topics = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            topics.add(NameCodec.read(in));
        }
        return new SubscriptionResponse(granted, topics);
    }
}
