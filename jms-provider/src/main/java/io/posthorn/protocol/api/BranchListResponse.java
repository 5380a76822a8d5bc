package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Answer to XA_LIST: what XA_RECOVER answers, with the details that operators want; oldest first.
 *
 * <pre>
 * varint count · count × (branch · u8 state · varint ageMs · varint staged · varint held)
 * </pre>
 */
public record BranchListResponse(List<Row> rows) {

    private static final int ROW_MIN_BYTES = BranchCodec.MIN_BYTES + 1 + 3;

    /**
     * @param ageMs how long it has been in this state, 0 or more
     * @param staged messages it has sent, 0 or more
     * @param held messages it has consumed, 0 or more
     */
    public record Row(BranchId branch, RecoverResponse.State state, long ageMs, long staged, long held) {}

    public void encode(ByteBuf out) {
        WireBuf.writeCount(out, rows.size());
        for (Row row : rows) {
            BranchCodec.write(out, row.branch);
            out.writeByte(row.state.ordinal());
            WireBuf.writeVarint(out, row.ageMs);
            WireBuf.writeVarint(out, row.staged);
            WireBuf.writeVarint(out, row.held);
        }
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BranchListResponse decode(ByteBuf in) {
        int count = WireBuf.readCount(in, ROW_MIN_BYTES);
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            BranchId branch = BranchCodec.read(in);
            RecoverResponse.State state = RecoverResponse.State.read(in);
            rows.add(new Row(branch, state, WireBuf.readVarint(in), WireBuf.readVarint(in), WireBuf.readVarint(in)));
        }
        return new BranchListResponse(rows);
    }
}
