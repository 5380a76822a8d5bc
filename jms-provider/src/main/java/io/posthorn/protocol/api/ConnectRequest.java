package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * First step of the login (code CONNECT). The broker answers with {@link ConnectResponse}: either a challenge, which the
 * client answers with {@link AuthenticateRequest}, or the end of the exchange.
 *
 * <pre>
 * varint versionMin · varint versionMax · string clientName · string mechanism · bytes initialResponse
 * optional clientId · i64 resumeToken
 * varint features                                                    left out when 0
 * </pre>
 *
 * @param versionMin lowest protocol version the client speaks
 * @param versionMax highest protocol version the client speaks
 * @param clientName product and version of the client, for logs; not null
 * @param mechanism  SASL name of the authentication mechanism, for example ANONYMOUS; not null
 * @param initialResponse the mechanism's first message; not null, may be empty
 * @param clientId   JMS client identifier to claim, or null
 * @param resumeToken token of an earlier connection to take over from, or 0
 * @param features   what the client can do beyond the version, bit by bit: 1 takes references ({@link DeliverReferencesCommand}); others
 *     are for later
 */
public record ConnectRequest(
        int versionMin,
        int versionMax,
        String clientName,
        String mechanism,
        byte[] initialResponse,
        String clientId,
        long resumeToken,
        long features) {

    /** The client takes references. */
    public static final long TAKES_REFERENCES = 1;

    /** As above, of a client that can do nothing beyond the version. */
    public ConnectRequest(
            int versionMin,
            int versionMax,
            String clientName,
            String mechanism,
            byte[] initialResponse,
            String clientId,
            long resumeToken) {
        this(versionMin, versionMax, clientName, mechanism, initialResponse, clientId, resumeToken, 0);
    }

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, versionMin);
        WireBuf.writeVarint(out, versionMax);
        WireBuf.writeString(out, clientName);
        WireBuf.writeString(out, mechanism);
        WireBuf.writeBytes(out, initialResponse);
        WireBuf.writeOptionalString(out, clientId);
        out.writeLong(resumeToken);
        if (features != 0) {
            WireBuf.writeVarint(out, features);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static ConnectRequest decode(ByteBuf in) {
        return new ConnectRequest(
                WireBuf.readInt(in),
                WireBuf.readInt(in),
                WireBuf.readString(in),
                WireBuf.readString(in),
                WireBuf.readBytes(in),
                WireBuf.readOptionalString(in),
                WireBuf.readI64(in),
                in.isReadable() ? WireBuf.readVarint(in) : 0);
    }
}
