package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Answer to GROUPS, which any broker gives.
 *
 * <pre>
 * string directory · varint count · count × (string group · bool draining · bool reachable
 *                                            varint destinations · varint messages · varint bytes)
 * </pre>
 *
 * @param directory name of the broker group that is the directory; empty when that is not settled
 * @param rows the groups, by name; only the directory knows more of them than where they are, and others have none
 */
public record GroupsResponse(String directory, List<Row> rows) {

    private static final int ROW_MIN_BYTES = 6;

    /** A broker group, as the directory has seen it last. */
    public record Row(String group, boolean draining, boolean reachable, int destinations, long messages, long bytes) {}

    public void encode(ByteBuf out) {
        WireBuf.writeString(out, directory);
        WireBuf.writeCount(out, rows.size());
        for (Row row : rows) {
            WireBuf.writeString(out, row.group);
            WireBuf.writeBool(out, row.draining);
            WireBuf.writeBool(out, row.reachable);
            WireBuf.writeVarint(out, row.destinations);
            WireBuf.writeVarint(out, row.messages);
            WireBuf.writeVarint(out, row.bytes);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static GroupsResponse decode(ByteBuf in) {
        String directory = WireBuf.readString(in);
        int count = WireBuf.readCount(in, ROW_MIN_BYTES);
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            rows.add(new Row(
                    WireBuf.readString(in),
                    WireBuf.readBool(in),
                    WireBuf.readBool(in),
                    WireBuf.readInt(in),
                    WireBuf.readVarint(in),
                    WireBuf.readVarint(in)));
        }
        return new GroupsResponse(directory, rows);
    }
}
