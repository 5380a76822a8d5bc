package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A Slave presents itself to the Master of its group (code REPLICA_HELLO): what it is, and what it has. The answer is a {@link
 * ReplicaHelloResponse}.
 *
 * <pre>
 * varint versionMin · varint versionMax · string brokerName · varint brokerId · string address
 * n × (varint epoch · varint start · varint follows) · varint end · varint folded · varint sampleFrom · i32 sampleCrc
 * bool mayBeRead · varint formatLevelMax                            left out when false and 1; formatLevelMax alone when 1
 * </pre>
 *
 * @param versionMin lowest version of the replication verbs that the Slave speaks
 * @param versionMax highest version
 * @param brokerName its group; not null
 * @param brokerId   its number in the group, above 0
 * @param address    {@code host:port} by which others reach it; not null
 * @param reigns     the reigns its journal knows, by rising start
 * @param end        end of its journal, 0 when it is empty
 * @param folded     up to where its tables hold the journal: it cannot go back behind that
 * @param sampleFrom beginning of the last bytes of its journal, up to {@code end}; equal to it when there are none
 * @param sampleCrc  CRC32C of these bytes
 * @param mayBeRead  whether clients may fetch messages from it
 * @param formatLevelMax newest format level of a journal that it can read; releases that do not say it read the first
 */
public record ReplicaHelloRequest(
        int versionMin,
        int versionMax,
        String brokerName,
        long brokerId,
        String address,
        List<Reign> reigns,
        long end,
        long folded,
        long sampleFrom,
        int sampleCrc,
        boolean mayBeRead,
        int formatLevelMax) {

    private static final int REIGN_MIN_BYTES = 3;

    /**
     * The time of one Master.
     *
     * @param epoch its epoch
     * @param start position of its first entry
     * @param follows end of the reign before it
     */
    public record Reign(long epoch, long start, long follows) {}

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, versionMin);
        WireBuf.writeVarint(out, versionMax);
        WireBuf.writeString(out, brokerName);
        WireBuf.writeVarint(out, brokerId);
        WireBuf.writeString(out, address);
        writeReigns(out, reigns);
        WireBuf.writeVarint(out, end);
        WireBuf.writeVarint(out, folded);
        WireBuf.writeVarint(out, sampleFrom);
        out.writeInt(sampleCrc);
        if (mayBeRead || formatLevelMax != 1) {
            WireBuf.writeBool(out, mayBeRead);
        }
        if (formatLevelMax != 1) {
            WireBuf.writeVarint(out, formatLevelMax);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ReplicaHelloRequest decode(ByteBuf in) {
        return new ReplicaHelloRequest(
                WireBuf.readInt(in),
                WireBuf.readInt(in),
                WireBuf.readString(in),
                WireBuf.readVarint(in),
                WireBuf.readString(in),
                readReigns(in),
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                WireBuf.readI32(in),
                in.isReadable() && WireBuf.readBool(in),
                in.isReadable() ? WireBuf.readInt(in) : 1);
    }

    static void writeReigns(ByteBuf out, List<Reign> reigns) {
        WireBuf.writeCount(out, reigns.size());
        for (Reign reign : reigns) {
            WireBuf.writeVarint(out, reign.epoch);
            WireBuf.writeVarint(out, reign.start);
            WireBuf.writeVarint(out, reign.follows);
        }
    }

    static List<Reign> readReigns(ByteBuf in) {
        int count = WireBuf.readCount(in, REIGN_MIN_BYTES);
        List<Reign> reigns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            reigns.add(new Reign(WireBuf.readVarint(in), WireBuf.readVarint(in), WireBuf.readVarint(in)));
        }
        return reigns;
    }
}
