package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.WireBuf;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings by name inside a body; their order is kept.
 *
 * <pre>
 * settings = varint count · count × (string name · string value)
 * </pre>
 */
final class SettingsCodec {

    private static final int ENTRY_MIN_BYTES = 2;

    private SettingsCodec() {}

    static void write(ByteBuf out, Map<String, String> settings) {
        WireBuf.writeCount(out, settings.size());
        settings.forEach((name, value) -> {
            WireBuf.writeString(out, name);
            WireBuf.writeString(out, value);
        });
    }

    static Map<String, String> read(ByteBuf in) {
        int count = WireBuf.readCount(in, ENTRY_MIN_BYTES);
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            settings.put(WireBuf.readString(in), WireBuf.readString(in));
        }
        return settings;
    }
}
