package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages that a {@link FetchMessagesRequest} asked for, in its order: for the first ones of its entries, at least one.
 *
 * <pre>
 * n × (bool there · if there: message)
 * </pre>
 *
 * @param messages null where this broker has not got the message (yet, or any more)
 */
public record FetchMessagesResponse(List<EncodedMessage> messages) {

    public void encode(ByteBuf out) {
        WireBuf.writeCount(out, messages.size());
        for (EncodedMessage message : messages) {
            WireBuf.writeBool(out, message != null);
            if (message != null) {
                WireBuf.writeBytes(out, message.bytes());
            }
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static FetchMessagesResponse decode(ByteBuf in) {
        int count = WireBuf.readCount(in, 1);
        List<EncodedMessage> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            messages.add(WireBuf.readBool(in) ? message(WireBuf.readBytes(in)) : null);
        }
        return new FetchMessagesResponse(messages);
    }

    private static EncodedMessage message(byte[] bytes) {
        try {
            return EncodedMessage.wrap(bytes);
        } catch (MalformedMessageException malformed) {
            throw new ProtocolException("a malformed message: " + malformed.getMessage());
        }
    }
}
