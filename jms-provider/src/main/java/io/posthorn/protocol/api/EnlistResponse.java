package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.List;

/**
 * Answer to XA_ENLIST.
 *
 * <pre>
 * bool open · varint count · count × string
 * </pre>
 *
 * @param open whether the branch is known and not prepared yet; otherwise nobody knows the groups any more
 * @param groups all that were told, whoever told them
 */
public record EnlistResponse(boolean open, List<String> groups) {

    public void encode(ByteBuf out) {
        WireBuf.writeBool(out, open);
        ParticipantsCodec.write(out, groups);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static EnlistResponse decode(ByteBuf in) {
        return new EnlistResponse(WireBuf.readBool(in), ParticipantsCodec.read(in));
    }
}
