package io.posthorn.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.posthorn.message.ByteWriter;

/**
 * Frames to bytes. Stateless; any thread.
 *
 * <pre>
 * 0      i32  L = bytes after this field = 4 + H + B
 * 4      i32  serialize type &lt;&lt; 24 | H
 * 8      H    header
 * 8 + H  B    body
 * </pre>
 *
 * <p>A body made by {@link #newBody} has room in front of it, so that the header of a JMS verb is written there and
 * nothing is copied. A small body made elsewhere is copied behind its header; a large one is joined to it.
 */
public final class FrameEncoder {

    /** Length field and type field. */
    static final int PREFIX_BYTES = 8;

    /** Size of a frame with a binary header, no remark and no ext entries, before its body. */
    public static final int BARE_FRAME_BYTES = PREFIX_BYTES + BinaryHeaderCodec.FIXED_BYTES;

    private static final int OPAQUE_AT = PREFIX_BYTES + BinaryHeaderCodec.OPAQUE_AT;

    /** Up to here a copy costs less than a second buffer in the socket write. */
    private static final int COPY_MAX_BYTES = 1024;

    private FrameEncoder() {}

    /** An empty buffer for a body of about so many bytes, with room for a bare header in front of it. */
    public static ByteBuf newBody(ByteBufAllocator alloc, int bodyBytes) {
        ByteBuf buffer = alloc.buffer(BARE_FRAME_BYTES + bodyBytes);
        return buffer.setIndex(BARE_FRAME_BYTES, BARE_FRAME_BYTES);
    }

    /**
     * The frame's bytes. Takes over the reference to its body, also when it throws.
     *
     * @throws IllegalArgumentException if a field does not fit the header form
     */
    public static ByteBuf encode(Frame frame, ByteBufAllocator alloc) {
        ByteBuf body = frame.body();
        try {
            if (frame.serializeType() == SerializeType.JSON) {
                byte[] header = JsonHeaderCodec.encode(frame);
                ByteBuf out = open(body, header.length, alloc);
                prefix(out, SerializeType.JSON, header.length, body);
                out.writeBytes(header);
                return join(out, body, alloc);
            }
            int headerBytes = BinaryHeaderCodec.size(frame);
            ByteBuf out = open(body, headerBytes, alloc);
            prefix(out, SerializeType.BINARY, headerBytes, body);
            BinaryHeaderCodec.encode(frame, out);
            return join(out, body, alloc);
        } catch (IllegalArgumentException unfit) {
            body.release();
            throw unfit;
        }
    }

    /**
     * As {@link #encode}, for a command of ours with a binary header without remark and ext entries: the JMS verbs.
     *
     * @param body written in front of, when it has the room that {@link #newBody} leaves
     */
    public static ByteBuf encodeBare(
            int code, boolean response, boolean oneWay, int opaque, ByteBuf body, ByteBufAllocator alloc) {
        if (code != (short) code) {
            body.release();
            throw new IllegalArgumentException("code " + code + " does not fit a binary header");
        }
        int flag = (response ? Frame.FLAG_RESPONSE : 0) | (oneWay ? Frame.FLAG_ONE_WAY : 0);
        int bodyBytes = body.readableBytes();
        ByteWriter head = new ByteWriter(BARE_FRAME_BYTES);
        head.i32(4 + BinaryHeaderCodec.FIXED_BYTES + bodyBytes);
        head.i32(SerializeType.BINARY.ordinal() << 24 | BinaryHeaderCodec.FIXED_BYTES);
        BinaryHeaderCodec.writeBare(head, code, opaque, flag);
        if (bodyBytes == 0) {
            // Most answers: too small for a pooled buffer to pay.
            body.release();
            return Unpooled.wrappedBuffer(head.array());
        }
        if (hasRoom(body)) {
            return body.setBytes(0, head.array(), 0, BARE_FRAME_BYTES).readerIndex(0);
        }
        ByteBuf out = open(body, BinaryHeaderCodec.FIXED_BYTES, alloc);
        return join(out.writeBytes(head.array(), 0, BARE_FRAME_BYTES), body, alloc);
    }

    /** Sets the correlation id of an encoded frame whose header is binary. */
    public static void setOpaque(ByteBuf encoded, int opaque) {
        encoded.setInt(encoded.readerIndex() + OPAQUE_AT, opaque);
    }

    /** Only a buffer that nobody else can see may be written before its first readable byte. */
    private static boolean hasRoom(ByteBuf body) {
        return body.readerIndex() == BARE_FRAME_BYTES
                && body.refCnt() == 1
                && body.unwrap() == null
                && !body.isReadOnly();
    }

    /** A buffer for prefix and header, and for the body too when that will be copied. */
    private static ByteBuf open(ByteBuf body, int headerBytes, ByteBufAllocator alloc) {
        int bodyBytes = body.readableBytes();
        return alloc.buffer(PREFIX_BYTES + headerBytes + (bodyBytes <= COPY_MAX_BYTES ? bodyBytes : 0));
    }

    private static void prefix(ByteBuf out, SerializeType type, int headerBytes, ByteBuf body) {
        out.writeInt(Math.addExact(4 + headerBytes, body.readableBytes()));
        out.writeInt(type.ordinal() << 24 | headerBytes);
    }

    private static ByteBuf join(ByteBuf out, ByteBuf body, ByteBufAllocator alloc) {
        if (body.readableBytes() <= COPY_MAX_BYTES) {
            out.writeBytes(body);
            body.release();
            return out;
        }
        return alloc.compositeBuffer(2).addComponent(true, out).addComponent(true, body);
    }
}
