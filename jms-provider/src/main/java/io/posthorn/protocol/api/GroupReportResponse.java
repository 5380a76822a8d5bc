package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Answer to GROUP_REPORT.
 *
 * <pre>
 * varint version · varint destinations · varint messages · varint bytes · varint count · count × name
 * </pre>
 *
 * @param version changes when destinations come or go, also with a restart
 * @param names all of them, but temporary ones; none when the version is the one that was asked with. At most 100,000
 */
public record GroupReportResponse(
        long version, int destinations, long messages, long bytes, List<DestinationName> names) {

    private static final int NAME_MIN_BYTES = 3;

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, version);
        WireBuf.writeVarint(out, destinations);
        WireBuf.writeVarint(out, messages);
        WireBuf.writeVarint(out, bytes);
        WireBuf.writeCount(out, names.size());
        for (DestinationName name : names) {
            NameCodec.write(out, name);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static GroupReportResponse decode(ByteBuf in) {
        long version = WireBuf.readVarint(in);
        int destinations = WireBuf.readInt(in);
        long messages = WireBuf.readVarint(in);
        long bytes = WireBuf.readVarint(in);
        int count = WireBuf.readCount(in, NAME_MIN_BYTES);
        List<DestinationName> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(NameCodec.read(in));
        }
        return new GroupReportResponse(version, destinations, messages, bytes, names);
    }
}
