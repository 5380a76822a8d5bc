package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * The directory asks a broker group what it holds (code GROUP_REPORT).
 *
 * <pre>
 * varint version
 * </pre>
 *
 * @param version of the names that the directory knows; 0 for none
 */
public record GroupReportRequest(long version) {

    public void encode(ByteBuf out) {
        WireBuf.writeVarint(out, version);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static GroupReportRequest decode(ByteBuf in) {
        return new GroupReportRequest(WireBuf.readVarint(in));
    }
}
