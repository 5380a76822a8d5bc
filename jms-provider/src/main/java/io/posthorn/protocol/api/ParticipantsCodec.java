package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of broker groups inside a body.
 *
 * <pre>
 * varint count · count × string
 * </pre>
 */
final class ParticipantsCodec {

    private ParticipantsCodec() {}

    static void write(ByteBuf out, List<String> groups) {
        WireBuf.writeCount(out, groups.size());
        for (String group : groups) {
            WireBuf.writeString(out, group);
        }
    }

    static List<String> read(ByteBuf in) {
        int count = WireBuf.readCount(in, 1);
        List<String> groups = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            groups.add(WireBuf.readString(in));
        }
        return groups;
    }
}
