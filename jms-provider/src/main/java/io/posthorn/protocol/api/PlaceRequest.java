package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The directory tells a broker group that it holds a destination (code PLACE). Repeating it does no harm. Empty answer.
 *
 * <pre>
 * name · bool open · settings · varint count · count × terms
 * </pre>
 *
 * @param open whether new messages are taken; false when its part is only to be emptied
 * @param settings of the destination if it has to be created
 * @param subscriptions durable subscriptions that have to exist
 */
public record PlaceRequest(
        DestinationName name, boolean open, Map<String, String> settings, List<SubscriptionTerms> subscriptions) {

    public void encode(ByteBuf out) {
        NameCodec.write(out, name);
        WireBuf.writeBool(out, open);
        SettingsCodec.write(out, settings);
        WireBuf.writeCount(out, subscriptions.size());
        for (SubscriptionTerms terms : subscriptions) {
            terms.encode(out);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static PlaceRequest decode(ByteBuf in) {
        DestinationName name = NameCodec.read(in);
        boolean open = WireBuf.readBool(in);
        Map<String, String> settings = SettingsCodec.read(in);
        int count = WireBuf.readCount(in, SubscriptionTerms.MIN_BYTES);
        List<SubscriptionTerms> subscriptions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            subscriptions.add(SubscriptionTerms.decode(in));
        }
        return new PlaceRequest(name, open, settings, subscriptions);
    }
}
