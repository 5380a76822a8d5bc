package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks for messages by reference (code FETCH_MESSAGES): of a Slave, or of the Master if the Slave has not got them. The answer is a {@link
 * FetchMessagesResponse}.
 *
 * <pre>
 * i64 lane · varint maxBytes · n × (i64 offset · varint position · varint epoch)
 * </pre>
 *
 * @param lane     where all of them lie
 * @param maxBytes messages that do not fit in so many bytes are left out, but for the first
 * @param entries  by rising offset; not empty, at most {@value #ENTRIES_MAX}
 */
public record FetchMessagesRequest(long lane, int maxBytes, List<Entry> entries) {

    /** Most messages in one request. */
    public static final int ENTRIES_MAX = 1_000;

    private static final int ENTRY_MIN_BYTES = 10;

    /**
     * One message.
     *
     * @param position physical offset of its entry in the journal, which also tells up to where a Slave must have got
     * @param epoch    of the Master that wrote it
     */
    public record Entry(long offset, long position, long epoch) {}

    public void encode(ByteBuf out) {
        out.writeLong(lane);
        WireBuf.writeVarint(out, maxBytes);
        WireBuf.writeCount(out, entries.size());
        for (Entry entry : entries) {
            out.writeLong(entry.offset);
            WireBuf.writeVarint(out, entry.position);
            WireBuf.writeVarint(out, entry.epoch);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static FetchMessagesRequest decode(ByteBuf in) {
        long lane = WireBuf.readI64(in);
        int maxBytes = WireBuf.readInt(in);
        int count = WireBuf.readCount(in, ENTRY_MIN_BYTES);
        if (count == 0 || count > ENTRIES_MAX) {
            throw new ProtocolException("a request for " + count + " messages, the limit is " + ENTRIES_MAX);
        }
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(WireBuf.readI64(in), WireBuf.readVarint(in), WireBuf.readVarint(in)));
        }
        return new FetchMessagesRequest(lane, maxBytes, entries);
    }
}
