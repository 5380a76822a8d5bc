package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A session begins to work in a branch (code XA_START): what it sends under these numbers is staged in it.
 *
 * <pre>
 * branch · u8 how · i64 producerId · varint txSequence · varint timeoutMs
 * </pre>
 *
 * @param timeoutMs a new branch that is not prepared by then is rolled back; 0 = never
 */
public record BranchStartRequest(BranchId branch, How how, long producerId, long txSequence, long timeoutMs) {

    /** The order is the code. */
    public enum How {
        NEW,
        JOIN,
        RESUME
    }

    public void encode(ByteBuf out) {
        BranchCodec.write(out, branch);
        out.writeByte(how.ordinal());
        out.writeLong(producerId);
        WireBuf.writeVarint(out, txSequence);
        WireBuf.writeVarint(out, timeoutMs);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BranchStartRequest decode(ByteBuf in) {
        BranchId branch = BranchCodec.read(in);
        int how = WireBuf.readU8(in);
        if (how >= How.values().length) {
            throw new ProtocolException("no way to start work in a branch: " + how);
        }
        return new BranchStartRequest(
                branch, How.values()[how], WireBuf.readI64(in), WireBuf.readVarint(in), WireBuf.readVarint(in));
    }
}
