package io.posthorn.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The packed header form.
 *
 * <pre>
 *  0  i16  code
 *  2  u8   language number
 *  3  i16  version
 *  5  i32  opaque
 *  9  i32  flag
 * 13  i32  remark: byte length, 0 = null; then UTF-8
 *     i32  ext map: byte length of all entries, then per entry
 *          i16 key length, key, i32 value length, value
 * </pre>
 */
final class BinaryHeaderCodec {

    /** Size without remark and ext entries. */
    static final int FIXED_BYTES = 21;

    /** Offset of the correlation id. */
    static final int OPAQUE_AT = 5;

    private BinaryHeaderCodec() {}

    /** The header's size. @throws IllegalArgumentException if a field does not fit the form */
    static int size(Frame frame) {
        if (frame.code() != (short) frame.code()) {
            throw new IllegalArgumentException("code " + frame.code() + " does not fit a binary header");
        }
        int size = FIXED_BYTES;
        if (frame.remark() != null) {
            size += ByteBufUtil.utf8Bytes(frame.remark());
        }
        if (!frame.ext().isEmpty()) {
            size += extSize(frame.ext());
        }
        return size;
    }

    private static int extSize(Map<String, String> ext) {
        int size = 0;
        for (Map.Entry<String, String> entry : ext.entrySet()) {
            int keyBytes = ByteBufUtil.utf8Bytes(entry.getKey());
            if (keyBytes > Short.MAX_VALUE) {
                throw new IllegalArgumentException("an ext key of " + keyBytes + " bytes");
            }
            size += 6 + keyBytes + ByteBufUtil.utf8Bytes(entry.getValue());
        }
        return size;
    }

    static void encode(Frame frame, ByteBuf out) {
        out.writeShort(frame.code());
        out.writeByte(frame.language());
        out.writeShort(frame.version());
        out.writeInt(frame.opaque());
        out.writeInt(frame.flag());
        writeText(out, frame.remark() == null ? "" : frame.remark());
        if (frame.ext().isEmpty()) {
            out.writeInt(0);
            return;
        }
        out.writeInt(extSize(frame.ext()));
        for (Map.Entry<String, String> entry : frame.ext().entrySet()) {
            int keyBytes = ByteBufUtil.utf8Bytes(entry.getKey());
            out.writeShort(keyBytes);
            ByteBufUtil.reserveAndWriteUtf8(out, entry.getKey(), keyBytes);
            writeText(out, entry.getValue());
        }
    }

    /** Writes a header of ours without remark and ext entries, as {@link #encode} would. */
    static void writeBare(ByteWriter out, int code, int opaque, int flag) {
        out.u16(code).u8(Frame.LANGUAGE_JAVA).u16(Frame.VERSION);
        out.i32(opaque).i32(flag).i64(0);
    }

    private static void writeText(ByteBuf out, String text) {
        int bytes = ByteBufUtil.utf8Bytes(text);
        out.writeInt(bytes);
        ByteBufUtil.reserveAndWriteUtf8(out, text, bytes);
    }

    /** Reads the header that ends at an index of the buffer. */
    static FrameHeader decode(ByteBuf in, int end) {
        if (end - in.readerIndex() < FIXED_BYTES) {
            throw new ProtocolException("a binary header of " + (end - in.readerIndex()) + " bytes");
        }
        if (end - in.readerIndex() == FIXED_BYTES) {
            FrameHeader bare = decodeBare(in);
            if (bare != null) {
                return bare;
            }
        }
        int code = in.readShort();
        int language = in.readUnsignedByte();
        int version = in.readShort();
        int opaque = in.readInt();
        int flag = in.readInt();
        // Four bytes are left for the length of the map, whatever the remark claims.
        String remark = text(in, in.readInt(), end - 4);
        int extBytes = in.readInt();
        if (extBytes != end - in.readerIndex()) {
            throw new ProtocolException(
                    "an ext map of " + extBytes + " bytes with " + (end - in.readerIndex()) + " left");
        }
        return new FrameHeader(code, language, version, opaque, flag, remark.isEmpty() ? null : remark, ext(in, end));
    }

    /** The header of nearly every frame, at the price of one buffer access; null when it is not of that kind. */
    private static FrameHeader decodeBare(ByteBuf in) {
        byte[] bytes = new byte[FIXED_BYTES];
        in.getBytes(in.readerIndex(), bytes);
        ByteReader header = new ByteReader(bytes);
        int code = (short) header.u16();
        int language = header.u8();
        int version = (short) header.u16();
        int opaque = header.i32();
        int flag = header.i32();
        if (header.i64() != 0) {
            return null;
        }
        in.skipBytes(FIXED_BYTES);
        return new FrameHeader(code, language, version, opaque, flag, null, Map.of());
    }

    private static Map<String, String> ext(ByteBuf in, int end) {
        if (in.readerIndex() == end) {
            return Map.of();
        }
        Map<String, String> ext = new LinkedHashMap<>();
        int entries = 0;
        while (in.readerIndex() < end) {
            if (++entries > FrameHeader.EXT_ENTRIES_MAX) {
                throw new ProtocolException("a header with more than " + FrameHeader.EXT_ENTRIES_MAX + " ext entries");
            }
            need(in, 2, end);
            String key = text(in, in.readShort(), end);
            need(in, 4, end);
            ext.put(key, text(in, in.readInt(), end));
        }
        return ext;
    }

    private static String text(ByteBuf in, int length, int end) {
        need(in, length, end);
        if (length == 0) {
            return "";
        }
        String text = in.toString(in.readerIndex(), length, StandardCharsets.UTF_8);
        in.skipBytes(length);
        return text;
    }

    private static void need(ByteBuf in, int length, int end) {
        if (length < 0 || length > end - in.readerIndex()) {
            throw new ProtocolException(
                    "a header text of " + length + " bytes with " + (end - in.readerIndex()) + " left");
        }
    }
}
