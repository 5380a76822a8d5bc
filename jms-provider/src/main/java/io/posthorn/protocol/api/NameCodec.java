package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A destination name inside a body.
 *
 * <pre>
 * name = u8 kind ({@link DestinationKind#code}) · string of 1 to 255 bytes
 * </pre>
 */
final class NameCodec {

    private NameCodec() {}

    static void write(ByteBuf out, DestinationName name) {
        out.writeByte(name.kind().code());
        WireBuf.writeString(out, name.name());
    }

    static DestinationName read(ByteBuf in) {
        int code = WireBuf.readU8(in);
        if (code < DestinationKind.QUEUE.code() || code > DestinationKind.TEMPORARY_TOPIC.code()) {
            throw new ProtocolException("unknown destination kind " + code);
        }
        String name = WireBuf.readString(in, DestinationName.NAME_MAX_BYTES);
        try {
            return new DestinationName(DestinationKind.ofCode(code), name);
        } catch (IllegalArgumentException illegal) {
            // Empty, or bytes that are no UTF-8 and grew past the limit when they were replaced.
            throw new ProtocolException(illegal.getMessage());
        }
    }
}
