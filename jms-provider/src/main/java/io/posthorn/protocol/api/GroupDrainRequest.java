package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Drains a broker group, or takes that back (code GROUP_DRAIN). For operators; the directory carries it out. Empty answer.
 *
 * <pre>
 * string group · bool drain
 * </pre>
 */
public record GroupDrainRequest(String group, boolean drain) {

    public void encode(ByteBuf out) {
        WireBuf.writeString(out, group);
        WireBuf.writeBool(out, drain);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static GroupDrainRequest decode(ByteBuf in) {
        return new GroupDrainRequest(WireBuf.readString(in), WireBuf.readBool(in));
    }
}
