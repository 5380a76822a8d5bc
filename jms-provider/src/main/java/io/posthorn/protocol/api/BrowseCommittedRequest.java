package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Asks a Slave for a page of a queue (code BROWSE_COMMITTED), as far as its Master had committed; for clients that have lost their Master. The
 * answer is a {@link BrowseCommittedResponse}.
 *
 * <pre>
 * name queue · varint priority · varint offset · varint messagesMax · varint bytesMax
 * </pre>
 *
 * @param priority    9 and offset 0 for the first page; then as the page before says
 * @param offset      likewise
 * @param messagesMax most messages of the page
 * @param bytesMax    when they have so many bytes, no more are added
 */
public record BrowseCommittedRequest(DestinationName queue, int priority, long offset, int messagesMax, int bytesMax) {

    public void encode(ByteBuf out) {
        NameCodec.write(out, queue);
        WireBuf.writeVarint(out, priority);
        WireBuf.writeVarint(out, offset);
        WireBuf.writeVarint(out, messagesMax);
        WireBuf.writeVarint(out, bytesMax);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BrowseCommittedRequest decode(ByteBuf in) {
        return new BrowseCommittedRequest(
                NameCodec.read(in),
                WireBuf.readInt(in),
                WireBuf.readVarint(in),
                WireBuf.readInt(in),
                WireBuf.readInt(in));
    }
}
