package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * A {@link BranchId} in a body.
 *
 * <pre>
 * i32 formatId · varint length, gtrid (1 to 64 bytes) · varint length, bqual (0 to 64 bytes)
 * </pre>
 */
final class BranchCodec {

    /** The format, two lengths, and one byte of gtrid. */
    static final int MIN_BYTES = 7;

    private BranchCodec() {}

    static void write(ByteBuf out, BranchId branch) {
        out.writeInt(branch.formatId());
        WireBuf.writeBytes(out, branch.gtrid());
        WireBuf.writeBytes(out, branch.bqual());
    }

    static BranchId read(ByteBuf in) {
        if (in.readableBytes() < MIN_BYTES) {
            throw new ProtocolException("a branch in " + in.readableBytes() + " bytes");
        }
        int formatId = in.readInt();
        byte[] gtrid = part(in);
        byte[] bqual = part(in);
        try {
            return new BranchId(formatId, gtrid, bqual);
        } catch (IllegalArgumentException illegal) {
            throw new ProtocolException(illegal.getMessage());
        }
    }

    private static byte[] part(ByteBuf in) {
        int length = WireBuf.readCount(in, 1);
        if (length > BranchId.PART_MAX_BYTES) {
            throw new ProtocolException("a branch part of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }
}
