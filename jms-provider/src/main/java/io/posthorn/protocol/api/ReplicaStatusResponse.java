package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * How a broker stands in its group: the answer to REPLICA_STATUS.
 *
 * <pre>
 * u8 role · string brokerName · varint brokerId · varint epoch · varint end · varint commit · varint minInSync
 * varint inSync · string master · string text
 * n × (varint brokerId · string address · varint durable · bool inSync · varint silentMs)
 * varint bodyBytesRead · varint bodyBytesLeft · varint folded        left out when all are 0, and what follows is left out
 * varint level · varint levelMax                                     left out when both are 1
 * </pre>
 *
 * @param role      what it is now
 * @param brokerId  0 for a Master
 * @param epoch     newest epoch it knows of
 * @param end       end of what is durable in its own journal
 * @param commit    commit position, as far as it knows
 * @param minInSync copies that have to have what is acknowledged, the Master's included
 * @param inSync    how many have it now, as the Master sees it; 0 at a Slave
 * @param master    whom a Slave follows, {@code host:port}; empty when nobody, or a Master
 * @param text      what it is doing, or what was cut or put aside lately; for people
 * @param replicas  the Slaves that a Master knows
 * @param bodyBytesRead bytes of message bodies that it has read from below memory since it was started
 * @param bodyBytesLeft of a Master: bytes of bodies that it has left for its clients to fetch from a Slave
 * @param folded    up to where its tables hold the journal
 * @param format    the format level of its store
 */
public record ReplicaStatusResponse(
        Role role,
        String brokerName,
        long brokerId,
        long epoch,
        long end,
        long commit,
        int minInSync,
        int inSync,
        String master,
        String text,
        List<Replica> replicas,
        long bodyBytesRead,
        long bodyBytesLeft,
        long folded,
        Format format) {

    private static final int REPLICA_MIN_BYTES = 5;

    /** The order is the number on the wire. */
    public enum Role {
        MASTER,
        SLAVE,
        /** It was a Master, has heard of a higher epoch, and serves nobody. */
        FENCED,
        /** A Slave whose store is not whole yet, because it is taking a snapshot. */
        INCOMPLETE
    }

    /**
     * The format level of a store.
     *
     * @param level    what is written; 0 = a Slave that has nothing yet
     * @param levelMax the newest that the broker reads and writes
     */
    public record Format(int level, int levelMax) {

        /** That of the first release, which does not tell. */
        public static final Format FIRST = new Format(1, 1);
    }

    /**
     * A Slave, as its Master sees it.
     *
     * @param durable  how far it has confirmed
     * @param inSync   whether it counts among the copies
     * @param silentMs how long ago it was heard of, in ms; at most {@value #SILENT_MAX_MS}
     */
    public record Replica(long brokerId, String address, long durable, boolean inSync, long silentMs) {

        /** Longest silence that is told. */
        public static final long SILENT_MAX_MS = 1L << 40;
    }

    public void encode(ByteBuf out) {
        out.writeByte(role.ordinal());
        WireBuf.writeString(out, brokerName);
        WireBuf.writeVarint(out, brokerId);
        WireBuf.writeVarint(out, epoch);
        WireBuf.writeVarint(out, end);
        WireBuf.writeVarint(out, commit);
        WireBuf.writeVarint(out, minInSync);
        WireBuf.writeVarint(out, inSync);
        WireBuf.writeString(out, master);
        WireBuf.writeString(out, text);
        WireBuf.writeCount(out, replicas.size());
        for (Replica replica : replicas) {
            WireBuf.writeVarint(out, replica.brokerId);
            WireBuf.writeString(out, replica.address);
            WireBuf.writeVarint(out, replica.durable);
            WireBuf.writeBool(out, replica.inSync);
            WireBuf.writeVarint(out, replica.silentMs);
        }
        boolean tellsFormat = !format.equals(Format.FIRST);
        if (tellsFormat || bodyBytesRead != 0 || bodyBytesLeft != 0 || folded != 0) {
            WireBuf.writeVarint(out, bodyBytesRead);
            WireBuf.writeVarint(out, bodyBytesLeft);
            WireBuf.writeVarint(out, folded);
        }
        if (tellsFormat) {
            WireBuf.writeVarint(out, format.level);
            WireBuf.writeVarint(out, format.levelMax);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ReplicaStatusResponse decode(ByteBuf in) {
        ReplicaStatusResponse first = new ReplicaStatusResponse(
                role(WireBuf.readU8(in)),
                WireBuf.readString(in),
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                WireBuf.readInt(in),
                WireBuf.readInt(in),
                WireBuf.readString(in),
                WireBuf.readString(in),
                replicas(in),
                0,
                0,
                0,
                Format.FIRST);
        return in.isReadable() ? first.withRest(in) : first;
    }

    private ReplicaStatusResponse withRest(ByteBuf in) {
        return new ReplicaStatusResponse(
                role,
                brokerName,
                brokerId,
                epoch,
                end,
                commit,
                minInSync,
                inSync,
                master,
                text,
                replicas,
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                WireBuf.readVarint(in),
                in.isReadable() ? new Format(WireBuf.readInt(in), WireBuf.readInt(in)) : Format.FIRST);
    }

    private static Role role(int number) {
        if (number >= Role.values().length) {
            throw new ProtocolException("unknown role " + number);
        }
        return Role.values()[number];
    }

    private static List<Replica> replicas(ByteBuf in) {
        int count = WireBuf.readCount(in, REPLICA_MIN_BYTES);
        List<Replica> replicas = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            replicas.add(new Replica(
                    WireBuf.readVarint(in),
                    WireBuf.readString(in),
                    WireBuf.readVarint(in),
                    WireBuf.readBool(in),
                    WireBuf.readVarint(in)));
        }
        return replicas;
    }
}
