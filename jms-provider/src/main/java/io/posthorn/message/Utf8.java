package io.posthorn.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text from bytes that may be damaged: UTF-8 of which nothing is silently replaced. Stateless. */
public final class Utf8 {

    /** What Java puts in the place of bytes that are no UTF-8; a sender may have written it as well. */
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /**
     * The text in a range of an array.
     *
     * @throws MalformedMessageException if the bytes are not UTF-8
     */
    public static String decode(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        // Looking for the character costs next to nothing; only where it is, the text is encoded again and compared.
        if (text.indexOf(REPLACEMENT) >= 0) {
            byte[] again = text.getBytes(StandardCharsets.UTF_8);
            if (!Arrays.equals(again, 0, again.length, bytes, from, from + length)) {
                throw new MalformedMessageException("a text that is not UTF-8");
            }
        }
        return text;
    }
}
