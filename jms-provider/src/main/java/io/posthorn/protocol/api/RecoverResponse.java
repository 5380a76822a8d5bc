package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Answer to XA_RECOVER: the branches that wait for their transaction manager, oldest first.
 *
 * <pre>
 * varint count · count × (branch · u8 state · i64 sinceMs)
 * </pre>
 */
public record RecoverResponse(List<Row> rows) {

    private static final int ROW_MIN_BYTES = BranchCodec.MIN_BYTES + 1 + Long.BYTES;

    /** The order is the code. */
    public enum State {
        PREPARED,
        /** By an operator, and not forgotten yet. */
        COMMITTED_ALONE,
        /** Likewise. */
        ROLLED_BACK_ALONE;

        /** @throws ProtocolException if it is none */
        static State read(ByteBuf in) {
            int code = WireBuf.readU8(in);
            if (code >= values().length) {
                throw new ProtocolException("no state of a branch: " + code);
            }
            return values()[code];
        }
    }

    /** @param sinceMs when it came to this state, ms since 1970 by the broker's clock */
    public record Row(BranchId branch, State state, long sinceMs) {}

    public void encode(ByteBuf out) {
        WireBuf.writeCount(out, rows.size());
        for (Row row : rows) {
            BranchCodec.write(out, row.branch);
            out.writeByte(row.state.ordinal());
            out.writeLong(row.sinceMs);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static RecoverResponse decode(ByteBuf in) {
        int count = WireBuf.readCount(in, ROW_MIN_BYTES);
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            BranchId branch = BranchCodec.read(in);
            rows.add(new Row(branch, State.read(in), WireBuf.readI64(in)));
        }
        return new RecoverResponse(rows);
    }
}
