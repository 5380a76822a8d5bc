package io.posthorn.protocol.api;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.WireBuf;

/**
 * Answer to all verbs on a branch but XA_RECOVER. What XA knows as an error is an answer, too: the codes are those of the XA
 * specification.
 *
 * <pre>
 * i32 code · string text
 * </pre>
 *
 * @param code 0 XA_OK, 3 XA_RDONLY, 5 to 8 XA_HEUR…, 100 to 107 XA_RB…, negative XAER_…
 * @param text for people; not null
 */
public record BranchAnswer(int code, String text) {

    private static final int CODE_BYTES = 4;

    public void encode(ByteBuf out) {
        out.writeInt(code);
        WireBuf.writeString(out, text);
    }

    /** @throws ProtocolException if the bytes are malformed */
    public static BranchAnswer decode(ByteBuf in) {
        if (in.readableBytes() < CODE_BYTES) {
            throw new ProtocolException("a code in " + in.readableBytes() + " bytes");
        }
        return new BranchAnswer(in.readInt(), WireBuf.readString(in));
    }
}
