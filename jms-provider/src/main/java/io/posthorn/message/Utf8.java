package io.posthorn.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text as bytes and back, without loss: UTF-8, except that a surrogate without its partner, for which UTF-8 has no form and Java writes a question
 * mark, has the three bytes that its number would have. A Java program may well send such a text, and its receiver gets it unchanged.
 * Stateless.
 */
public final class Utf8 {

    /** What Java puts in the place of bytes that are no UTF-8; a sender may have written it as well. */
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** The bytes of a text; new ones. */
    public static byte[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Only where Java may have written one of its question marks is the text looked at.
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '?') {
                int lone = unpairedSurrogates(text);
                return lone == 0 ? bytes : withSurrogates(text, bytes.length + 2 * lone);
            }
        }
        return bytes;
    }

    /** How many surrogates of a text lack their partner. */
    static int unpairedSurrogates(String text) {
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                    i++;
                } else {
                    count++;
                }
            }
        }
        return count;
    }

    private static byte[] withSurrogates(String text, int size) {
        byte[] bytes = new byte[size];
        int at = 0;
        int from = 0;
        while (from < text.length()) {
            int to = from;
            while (to < text.length() && !isUnpaired(text, to)) {
                to += Character.charCount(text.codePointAt(to));
            }
            byte[] well = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(well, 0, bytes, at, well.length);
            at += well.length;
            if (to < text.length()) {
                char lone = text.charAt(to++);
                bytes[at++] = (byte) (0xe0 | lone >> 12);
                bytes[at++] = (byte) (0x80 | lone >> 6 & 0x3f);
                bytes[at++] = (byte) (0x80 | lone & 0x3f);
            }
            from = to;
        }
        return bytes;
    }

    private static boolean isUnpaired(String text, int at) {
        int point = text.codePointAt(at);
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    /**
     * The text in a range of an array.
     *
     * @throws MalformedMessageException if the bytes are not what {@link #encode} makes of a text
     */
    public static String decode(byte[] bytes, int from, int length) {
        String text = read(bytes, from, length);
        if (text == null) {
            throw new MalformedMessageException("a text that is not UTF-8");
        }
        return text;
    }

    /** As {@link #decode}, with the replacement character in the place of what is no UTF-8. */
    static String decodeLeniently(byte[] bytes, int from, int length) {
        String text = read(bytes, from, length);
        return text == null ? new String(bytes, from, length, StandardCharsets.UTF_8) : text;
    }

    /** Null when the bytes are no text. */
    private static String read(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        // Looking for the character costs next to nothing; only where it is, the text is encoded again and compared.
        if (text.indexOf(REPLACEMENT) < 0 || isTextOf(text, bytes, from, length)) {
            return text;
        }
        text = withSurrogates(bytes, from, from + length);
        return isTextOf(text, bytes, from, length) ? text : null;
    }

    private static boolean isTextOf(String text, byte[] bytes, int from, int length) {
        byte[] again = encode(text);
        return Arrays.equals(again, 0, again.length, bytes, from, from + length);
    }

    private static String withSurrogates(byte[] bytes, int from, int end) {
        StringBuilder text = new StringBuilder(end - from);
        int well = from;
        for (int at = from; at + 2 < end; at++) {
            if (bytes[at] == (byte) 0xed && (bytes[at + 1] & 0xe0) == 0xa0) {
                text.append(new String(bytes, well, at - well, StandardCharsets.UTF_8));
                text.append((char) (0xd000 | (bytes[at + 1] & 0x3f) << 6 | bytes[at + 2] & 0x3f));
                well = at + 3;
                at += 2;
            }
        }
        return text.append(new String(bytes, well, end - well, StandardCharsets.UTF_8))
                .toString();
    }
}
