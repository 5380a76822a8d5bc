package io.posthorn.scram;

import java.text.Normalizer;

/**
 * SASLprep (RFC 4013, a profile of stringprep, RFC 3454): brings a user name or password into the one form that both ends hash.
 * Stateless; any thread.
 *
 * <p>The character tables are those of the running Java instead of Unicode 3.2, so that text with newer characters can be used. What this
 * Java does not know as a character is forbidden.
 */
public final class SaslPrep {

    private SaslPrep() {}

    /**
     * Maps, normalises and checks.
     *
     * @param text not null; may be empty
     * @return the prepared text; may be empty
     * @throws SaslPrepException if the text has a forbidden character, or mixes writing directions in a forbidden way
     */
    public static String prepare(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isSpace(c)) {
                mapped.append(' ');
            } else if (!isMappedToNothing(c)) {
                mapped.appendCodePoint(c);
            }
        });
        String normalised = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        normalised.codePoints().forEach(SaslPrep::requireAllowed);
        requireOneDirection(normalised);
        return normalised;
    }

    /** Printable ASCII prepares to itself. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                return false;
            }
        }
        return true;
    }

    /** RFC 3454, table C.1.2. U+200B is in table B.1 as well; the mapping to a space is named first in RFC 4013. */
    private static boolean isSpace(int c) {
        return c == 0x200b || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    /** RFC 3454, table B.1. */
    private static boolean isMappedToNothing(int c) {
        return c == 0xad
                || c == 0x34f
                || c == 0x1806
                || c >= 0x180b && c <= 0x180d
                || c == 0x200c
                || c == 0x200d
                || c == 0x2060
                || c >= 0xfe00 && c <= 0xfe0f
                || c == 0xfeff;
    }

    /** RFC 4013, section 2.3. General categories stand for most of the tables. */
    private static void requireAllowed(int c) {
        String kind = switch (Character.getType(c)) {
            case Character.CONTROL -> "a control character";
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                "an invisible formatting character";
            case Character.PRIVATE_USE -> "a private-use character";
            case Character.SURROGATE -> "half of a surrogate pair";
            case Character.UNASSIGNED -> "an unknown character";
            default -> isUnfitForText(c) ? "a character that is unfit for plain text" : null;
        };
        if (kind != null) {
            throw new SaslPrepException("contains " + kind);
        }
    }

    /** RFC 3454, tables C.6 and C.7, and what is left of C.8. */
    private static boolean isUnfitForText(int c) {
        return c == 0xfffc || c == 0xfffd || c >= 0x2ff0 && c <= 0x2ffb || c == 0x340 || c == 0x341;
    }

    /** RFC 3454, section 6: a text with right-to-left characters begins and ends with one, and has none of the other direction. */
    private static void requireOneDirection(String text) {
        if (text.codePoints().noneMatch(SaslPrep::isRightToLeft)) {
            return;
        }
        boolean mixed = text.codePoints()
                .anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
        if (mixed || !isRightToLeft(text.codePointAt(0)) || !isRightToLeft(text.codePointBefore(text.length()))) {
            throw new SaslPrepException("mixes right-to-left characters with others");
        }
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
