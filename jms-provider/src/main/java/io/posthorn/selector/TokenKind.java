package io.posthorn.selector;

/** The kinds of token in a selector; each says how it looks to the person who reads an error. */
enum TokenKind {
    IDENTIFIER("an identifier"),
    STRING("a string literal"),
    EXACT("an integer literal"),
    APPROXIMATE("a floating-point literal"),
    LEFT("'('"),
    RIGHT("')'"),
    COMMA("','"),
    PLUS("'+'"),
    MINUS("'-'"),
    STAR("'*'"),
    SLASH("'/'"),
    EQUAL("'='"),
    NOT_EQUAL("'<>'"),
    LESS("'<'"),
    LESS_OR_EQUAL("'<='"),
    GREATER("'>'"),
    GREATER_OR_EQUAL("'>='"),
    AND("AND"),
    OR("OR"),
    NOT("NOT"),
    BETWEEN("BETWEEN"),
    IN("IN"),
    LIKE("LIKE"),
    ESCAPE("ESCAPE"),
    IS("IS"),
    NULL("NULL"),
    TRUE("TRUE"),
    FALSE("FALSE"),
    END("the end of the selector");

    final String look;

    TokenKind(String look) {
        this.look = look;
    }

    /** The keyword with this spelling, in any mix of ASCII case; null if it is none. */
    static TokenKind keyword(String word) {
        int length = word.length();
        if (length < 2 || length > 7) {
            return null;
        }
        for (int i = AND.ordinal(); i < END.ordinal(); i++) {
            TokenKind kind = BY_ORDINAL[i];
            if (kind.look.length() == length && sameLetters(kind.look, word)) {
                return kind;
            }
        }
        return null;
    }

    private static final TokenKind[] BY_ORDINAL = values();

    /** String.equalsIgnoreCase would take a dotless i for an I. */
    private static boolean sameLetters(String upper, String word) {
        for (int i = 0; i < upper.length(); i++) {
            char c = word.charAt(i);
            if (upper.charAt(i) != (c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c)) {
                return false;
            }
        }
        return true;
    }
}
