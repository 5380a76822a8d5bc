package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import java.util.Map;

/**
 * Creates a destination with settings of its own (code DESTINATION_CREATE), or changes settings of one (code DESTINATION_SET), where an
 * empty value brings the default back. Empty answer; INVALID_DESTINATION, or ILLEGAL_STATE for a setting that is not acceptable.
 *
 * <pre>
 * name · settings
 * </pre>
 */
public record DestinationSettingsRequest(DestinationName name, Map<String, String> settings) {

    public void encode(ByteBuf out) {
        NameCodec.write(out, name);
        SettingsCodec.write(out, settings);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static DestinationSettingsRequest decode(ByteBuf in) {
        return new DestinationSettingsRequest(NameCodec.read(in), SettingsCodec.read(in));
    }
}
