package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A message inside a body.
 *
 * <pre>
 * message = varint length · the bytes of {@link EncodedMessage}
 * </pre>
 */
final class MessageCodec {

    private MessageCodec() {}

    static void write(ByteBuf out, EncodedMessage message) {
        WireBuf.writeBytes(out, message.bytes());
    }

    /** Copies the message out of the buffer, so that it outlives the frame. */
    static EncodedMessage read(ByteBuf in) {
        byte[] bytes = WireBuf.readBytes(in);
        try {
            return EncodedMessage.wrap(bytes);
        } catch (MalformedMessageException malformed) {
            throw new ProtocolException(malformed.getMessage());
        }
    }
}
