package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * The Master's answer to {@link ReplicaHelloRequest}: how the Slave gets to follow it.
 *
 * <pre>
 * varint version · varint epoch · u8 verdict · varint position · varint segmentMaxBytes · varint minInSync · string text
 * varint formatLevel                                                left out when 1
 * </pre>
 *
 * @param version  chosen version of the replication verbs
 * @param epoch    the Master's epoch
 * @param verdict  what the Slave has to do
 * @param position with CUT where its journal has to end; otherwise its own end
 * @param segmentMaxBytes room that the largest of the Master's segments has for entries
 * @param minInSync copies that have to have what is acknowledged, the Master's included
 * @param text     the reason, for people; not null
 * @param formatLevel the format level that the Master writes
 */
public record ReplicaHelloResponse(
        int version,
        long epoch,
        Verdict verdict,
        long position,
        int segmentMaxBytes,
        int minInSync,
        String text,
        int formatLevel) {

    /** The order is the number on the wire. */
    public enum Verdict {
        /** Fetch from your end. */
        FOLLOW,
        /** Cut your journal back, then say hello again. */
        CUT,
        /** Take a snapshot: the Master's journal begins behind your end. */
        SNAPSHOT,
        /** Take a snapshot and put your store aside: it has what the Master's has not. */
        SNAPSHOT_DIVERGED
    }

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, version);
        WireBuf.writeVarint(out, epoch);
        out.writeByte(verdict.ordinal());
        WireBuf.writeVarint(out, position);
        WireBuf.writeVarint(out, segmentMaxBytes);
        WireBuf.writeVarint(out, minInSync);
        WireBuf.writeString(out, text);
        if (formatLevel != 1) {
            WireBuf.writeVarint(out, formatLevel);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ReplicaHelloResponse decode(ByteBuf in) {
        return new ReplicaHelloResponse(
                WireBuf.readInt(in),
                WireBuf.readVarint(in),
                verdict(WireBuf.readU8(in)),
                WireBuf.readVarint(in),
                WireBuf.readInt(in),
                WireBuf.readInt(in),
                WireBuf.readString(in),
                in.isReadable() ? WireBuf.readInt(in) : 1);
    }

    private static Verdict verdict(int number) {
        if (number >= Verdict.values().length) {
            throw new ProtocolException("unknown verdict " + number);
        }
        return Verdict.values()[number];
    }
}
