package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import io.posthorn.protocol.api.ReplicaHelloRequest.Reign;
import java.util.List;

/**
 * A snapshot that the Master keeps for a Slave, or is still making.
 *
 * <pre>
 * bool ready · i64 snapshotId · varint bytes · i32 crc · varint journalFrom · varint completeAt · n × (varint epoch · varint start · varint follows)
 * </pre>
 *
 * @param ready      whether it can be fetched; otherwise only {@code bytes} counts, which says how far it has got
 * @param snapshotId its number
 * @param bytes      length of the LMDB file
 * @param crc        CRC32C of the file
 * @param journalFrom position from which the journal belongs to it: the end of the segment before the first
 * @param completeAt the tables are the state of no moment before the journal has been followed up to this position
 * @param reigns     the reigns that the Master knows of
 */
public record SnapshotResponse(
        boolean ready, long snapshotId, long bytes, int crc, long journalFrom, long completeAt, List<Reign> reigns) {

    public void encode(ByteBuf out) {
        WireBuf.writeBool(out, ready);
        out.writeLong(snapshotId);
        WireBuf.writeVarint(out, bytes);
        out.writeInt(crc);
        WireBuf.writeVarint(out, journalFrom);
        WireBuf.writeVarint(out, completeAt);
        ReplicaHelloRequest.writeReigns(out, reigns);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static SnapshotResponse decode(ByteBuf in) {
        return new SnapshotResponse(
                WireBuf.readBool(in),
                WireBuf.readI64(in),
                WireBuf.readVarint(in),
                WireBuf.readI32(in),
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                ReplicaHelloRequest.readReigns(in));
    }
}
