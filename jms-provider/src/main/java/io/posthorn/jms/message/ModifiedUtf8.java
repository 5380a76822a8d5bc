package io.posthorn.jms.message;

import io.posthorn.message.ByteWriter;
import jakarta.jms.MessageFormatException;

/** The text format of writeUTF and readUTF, as {@link java.io.DataInput} defines it: u16 length, then 1 to 3 bytes a char. */
final class ModifiedUtf8 {

    private static final int LENGTH_MAX_BYTES = 65_535;

    private ModifiedUtf8() {}

    /** @throws MessageFormatException if it takes more than 65,535 bytes; nothing is written then */
    static void write(ByteWriter out, String text) throws MessageFormatException {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            length += lengthOf(text.charAt(i));
        }
        if (length > LENGTH_MAX_BYTES) {
            throw new MessageFormatException(
                    "writeUTF takes at most " + LENGTH_MAX_BYTES + " bytes, this text has " + length);
        }
        out.u16((int) length);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (lengthOf(c)) {
                case 1 -> out.u8(c);
                case 2 -> out.u8(0xc0 | c >> 6).u8(0x80 | c & 0x3f);
                default -> out.u8(0xe0 | c >> 12).u8(0x80 | c >> 6 & 0x3f).u8(0x80 | c & 0x3f);
            }
        }
    }

    private static int lengthOf(char c) {
        if (c != 0 && c < 0x80) {
            return 1;
        }
        return c < 0x800 ? 2 : 3;
    }

    /** @throws MessageFormatException if these bytes are not such a text */
    static String read(byte[] bytes, int from, int length) throws MessageFormatException {
        char[] chars = new char[length];
        int size = 0;
        int end = from + length;
        for (int at = from; at < end; ) {
            int first = bytes[at] & 0xff;
            if (first < 0x80) {
                chars[size++] = (char) first;
                at++;
            } else if (first >> 5 == 0b110) {
                chars[size++] = (char) ((first & 0x1f) << 6 | continuation(bytes, at + 1, end));
                at += 2;
            } else if (first >> 4 == 0b1110) {
                int middle = continuation(bytes, at + 1, end);
                chars[size++] = (char) ((first & 0x0f) << 12 | middle << 6 | continuation(bytes, at + 2, end));
                at += 3;
            } else {
                throw malformed(at - from);
            }
        }
        return new String(chars, 0, size);
    }

    private static int continuation(byte[] bytes, int at, int end) throws MessageFormatException {
        if (at >= end || (bytes[at] & 0xc0) != 0x80) {
            throw malformed(at);
        }
        return bytes[at] & 0x3f;
    }

    private static MessageFormatException malformed(int at) {
        return new MessageFormatException("not a text written by writeUTF: wrong byte near " + at);
    }
}
