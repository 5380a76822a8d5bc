package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the directory where destinations lie (code LOCATE).
 *
 * <pre>
 * u8 mode · varint count · count × name
 * </pre>
 *
 * @param mode what to do about those that lie nowhere
 * @param names may be empty: then the answer has nothing but the version
 */
public record LocateRequest(Mode mode, List<DestinationName> names) {

    /** The order is the code. */
    public enum Mode {
        /** Nothing. */
        LOOK,
        /** They are placed, if destinations may be created at their first use. */
        CREATE,
        /** As CREATE; and a group that was told before to have them is told again, because it has said that it does not. */
        REPAIR
    }

    private static final int NAME_MIN_BYTES = 3;

    public void encode(ByteBuf out) {
        out.writeByte(mode.ordinal());
        WireBuf.writeCount(out, names.size());
        for (DestinationName name : names) {
            NameCodec.write(out, name);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static LocateRequest decode(ByteBuf in) {
        int mode = WireBuf.readU8(in);
        if (mode >= Mode.values().length) {
            throw new ProtocolException("no way to locate destinations: " + mode);
        }
        int count = WireBuf.readCount(in, NAME_MIN_BYTES);
        List<DestinationName> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(NameCodec.read(in));
        }
        return new LocateRequest(Mode.values()[mode], names);
    }
}
