package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
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

    /** Writes the fields before a message, its length, and itself. */
    static void write(ByteBuf out, ByteWriter before, EncodedMessage message) {
        byte[] bytes = message.bytes();
        WireBuf.append(out, before.varint(bytes.length));
        out.writeBytes(bytes);
    }

    /**
     * Copies the message out of the buffer, so that it outlives the frame.
     *
     * @param before a look ahead at the buffer, read up to the length of the message
     * @throws MalformedMessageException if the message, or what is before it, is cut or malformed; the caller makes a
     *     {@link ProtocolException} of it
     */
    static EncodedMessage read(ByteBuf in, ByteReader before) {
        long length = before.varint();
        WireBuf.skip(in, before);
        if (length > in.readableBytes()) {
            throw new ProtocolException("a message of " + length + " bytes with " + in.readableBytes() + " bytes left");
        }
        byte[] bytes = new byte[(int) length];
        in.readBytes(bytes);
        return EncodedMessage.wrap(bytes);
    }
}
