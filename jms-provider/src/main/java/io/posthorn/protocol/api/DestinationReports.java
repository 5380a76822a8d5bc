package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Answer to DESTINATION_LIST and DESTINATION_SHOW.
 *
 * <pre>
 * varint count · count × (name · settings own · settings effective · varint messages · varint bytes · varint consumers
 *                         varint subscriptions · varint dropped)
 * </pre>
 */
public record DestinationReports(List<Row> rows) {

    private static final int ROW_MIN_BYTES = 10;

    /**
     * One destination.
     *
     * @param own what was set for it
     * @param effective what holds, the broker's defaults included
     * @param messages kept for its queue or its durable subscriptions
     * @param dropped messages that slow non-durable subscribers have missed
     */
    public record Row(
            DestinationName name,
            Map<String, String> own,
            Map<String, String> effective,
            long messages,
            long bytes,
            int consumers,
            int subscriptions,
            long dropped) {}

    public void encode(ByteBuf out) {
        WireBuf.writeCount(out, rows.size());
        for (Row row : rows) {
            NameCodec.write(out, row.name);
            SettingsCodec.write(out, row.own);
            SettingsCodec.write(out, row.effective);
            WireBuf.writeVarint(out, row.messages);
            WireBuf.writeVarint(out, row.bytes);
            WireBuf.writeVarint(out, row.consumers);
            WireBuf.writeVarint(out, row.subscriptions);
            WireBuf.writeVarint(out, row.dropped);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DestinationReports decode(ByteBuf in) {
        int count = WireBuf.readCount(in, ROW_MIN_BYTES);
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            rows.add(new Row(
                    NameCodec.read(in),
                    SettingsCodec.read(in),
                    SettingsCodec.read(in),
                    WireBuf.readVarint(in),
                    WireBuf.readVarint(in),
                    WireBuf.readInt(in),
                    WireBuf.readInt(in),
                    WireBuf.readVarint(in)));
        }
        return new DestinationReports(rows);
    }
}
