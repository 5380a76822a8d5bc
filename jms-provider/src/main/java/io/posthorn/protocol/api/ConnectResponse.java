package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Answer to a login step.
 *
 * <pre>
 * bool done · bytes challenge · varint version · string brokerName · string clusterName · varint epoch
 * i64 connectionId · i64 resumeToken · bool resumed · varint messageMaxBytes · varint inFlightMax
 * </pre>
 *
 * @param done      true when the client is logged in; false when {@code challenge} has to be answered first
 * @param challenge the mechanism's challenge, or its final message; not null, may be empty
 * @param version   protocol version chosen by the broker (0 unless done)
 * @param brokerName  name of the broker group; empty unless done
 * @param clusterName name of the cluster; empty unless done
 * @param epoch     epoch of the answering Master; 0 when a Slave answers, which serves operators and brokers only
 * @param connectionId the broker's number for this connection
 * @param resumeToken  random token that lets a later connection take over (0 unless done)
 * @param resumed   whether the broker still had the state of the connection that the client asked to resume
 * @param messageMaxBytes largest message the broker takes
 * @param inFlightMax how many requests may be unanswered at a time
 */
public record ConnectResponse(
        boolean done,
        byte[] challenge,
        int version,
        String brokerName,
        String clusterName,
        long epoch,
        long connectionId,
        long resumeToken,
        boolean resumed,
        int messageMaxBytes,
        int inFlightMax) {

    public void encode(ByteBuf out) {
        WireBuf.writeBool(out, done);
        WireBuf.writeBytes(out, challenge);
        WireBuf.writeVarint(out, version);
        WireBuf.writeString(out, brokerName);
        WireBuf.writeString(out, clusterName);
        WireBuf.writeVarint(out, epoch);
        out.writeLong(connectionId);
        out.writeLong(resumeToken);
        WireBuf.writeBool(out, resumed);
        WireBuf.writeVarint(out, messageMaxBytes);
        WireBuf.writeVarint(out, inFlightMax);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ConnectResponse decode(ByteBuf in) {
        return new ConnectResponse(
                WireBuf.readBool(in),
                WireBuf.readBytes(in),
                WireBuf.readInt(in),
                WireBuf.readString(in),
                WireBuf.readString(in),
                WireBuf.readVarint(in),
                WireBuf.readI64(in),
                WireBuf.readI64(in),
                WireBuf.readBool(in),
                WireBuf.readInt(in),
                WireBuf.readInt(in));
    }
}
