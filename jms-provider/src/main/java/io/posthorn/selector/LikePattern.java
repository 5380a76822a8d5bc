package io.posthorn.selector;

import java.util.Arrays;

/**
 * A LIKE pattern, taken apart once: {@code _} is one character (a surrogate pair counts as one), {@code %} any run of
 * them, line ends included. Matching is a loop without allocation; its worst case is pattern length × text length.
 */
final class LikePattern {

    /** No escape character. */
    static final int NO_ESCAPE = -1;

    private enum Shape {
        EXACT,
        PREFIX,
        SUFFIX,
        INFIX,
        GENERAL
    }

    private static final byte LITERAL = 0;
    private static final byte ONE = 1;
    private static final byte RUN = 2;

    private final Shape shape;
    private final String literal;
    private final char[] chars;
    private final byte[] kinds;

    private LikePattern(Shape shape, String literal, char[] chars, byte[] kinds) {
        this.shape = shape;
        this.literal = literal;
        this.chars = chars;
        this.kinds = kinds;
    }

    /**
     * @param escape the escape character as a code point, or {@link #NO_ESCAPE}
     * @return null if the pattern ends with the escape character, which then escapes nothing
     */
    static LikePattern compile(String pattern, int escape) {
        char[] chars = new char[pattern.length()];
        byte[] kinds = new byte[pattern.length()];
        int size = 0;
        for (int at = 0; at < pattern.length(); ) {
            int c = pattern.codePointAt(at);
            at += Character.charCount(c);
            byte kind = LITERAL;
            if (c == escape) {
                if (at == pattern.length()) {
                    return null;
                }
                c = pattern.codePointAt(at);
                at += Character.charCount(c);
            } else if (c == '%') {
                kind = RUN;
            } else if (c == '_') {
                kind = ONE;
            }
            if (kind == RUN && size > 0 && kinds[size - 1] == RUN) {
                continue;
            }
            Arrays.fill(kinds, size, size + Character.charCount(c), kind);
            size += Character.toChars(c, chars, size);
        }
        return shaped(Arrays.copyOf(chars, size), Arrays.copyOf(kinds, size));
    }

    private static LikePattern shaped(char[] chars, byte[] kinds) {
        int from = kinds.length > 0 && kinds[0] == RUN ? 1 : 0;
        int to = kinds.length > from && kinds[kinds.length - 1] == RUN ? kinds.length - 1 : kinds.length;
        boolean general = false;
        for (int i = from; i < to; i++) {
            general |= kinds[i] != LITERAL;
        }
        Shape shape;
        if (general) {
            shape = Shape.GENERAL;
        } else if (from == 0) {
            shape = to == kinds.length ? Shape.EXACT : Shape.PREFIX;
        } else {
            shape = to == kinds.length ? Shape.SUFFIX : Shape.INFIX;
        }
        return new LikePattern(shape, new String(chars, from, to - from), chars, kinds);
    }

    boolean matches(String text) {
        return switch (shape) {
            case EXACT -> text.equals(literal);
            case PREFIX -> text.startsWith(literal);
            case SUFFIX -> text.endsWith(literal);
            case INFIX -> text.contains(literal);
            case GENERAL -> matchesGeneral(text);
        };
    }

    /** Greedy from the left; on a mismatch the last run takes one char more. */
    private boolean matchesGeneral(String text) {
        int at = 0;
        int p = 0;
        int runPattern = -1;
        int runText = 0;
        while (at < text.length()) {
            if (p < kinds.length && kinds[p] == RUN) {
                runPattern = ++p;
                runText = at;
            } else if (p < kinds.length && kinds[p] == ONE) {
                at += Character.charCount(text.codePointAt(at));
                p++;
            } else if (p < kinds.length && chars[p] == text.charAt(at)) {
                at++;
                p++;
            } else if (runPattern >= 0) {
                runText += Character.charCount(text.codePointAt(runText));
                at = runText;
                p = runPattern;
            } else {
                return false;
            }
        }
        while (p < kinds.length && kinds[p] == RUN) {
            p++;
        }
        return p == kinds.length;
    }
}
