package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Sends one message to the destination named in its head (code SEND). The empty answer comes when the message is as safe
 * as its delivery mode asks for; for a staged message, when the broker has accepted it into the transaction.
 *
 * <pre>
 * i64 producerId · varint sequence · varint txSequence · message
 * </pre>
 *
 * @param producerId random id of the sending session
 * @param sequence   1, 2, 3… per producer for messages that must be stored once; 0 for messages that are never repeated
 * @param txSequence number of the session's local transaction this send belongs to, or 0 for none
 * @param message    not null
 */
public record SendRequest(long producerId, long sequence, long txSequence, EncodedMessage message) {

    /** The id, two varints, and the length of the message. */
    private static final int FIXED_MAX_BYTES = 8 + 9 + 9 + 5;

    public void encode(ByteBuf out) {
        ByteWriter before = new ByteWriter(FIXED_MAX_BYTES);
        before.i64(producerId).varint(sequence).varint(txSequence);
        MessageCodec.write(out, before, message);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static SendRequest decode(ByteBuf in) {
        try {
            ByteReader before = WireBuf.peek(in, FIXED_MAX_BYTES);
            return new SendRequest(before.i64(), before.varint(), before.varint(), MessageCodec.read(in, before));
        } catch (MalformedMessageException malformed) {
            throw new ProtocolException(malformed.getMessage());
        }
    }

    /** An upper bound of what {@link #encode} writes, to allocate a buffer that need not grow. */
    public int encodedMaxBytes() {
        return FIXED_MAX_BYTES + message.size();
    }
}
