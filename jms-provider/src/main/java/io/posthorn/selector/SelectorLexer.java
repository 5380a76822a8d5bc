package io.posthorn.selector;

/**
 * Cuts a selector into tokens, one at a time: {@link #advance()}, then look at the current one. One thread.
 *
 * <p>Numbers follow the Java language (JLS 3.10.1, 3.10.2), except that an integer needs no L to be a long.
 */
final class SelectorLexer {

    private final String text;
    private int at;
    private int start;
    private TokenKind kind = TokenKind.END;
    private String string;
    private Object number;

    SelectorLexer(String text) {
        this.text = text;
    }

    /** Kind of the current token. */
    TokenKind kind() {
        return kind;
    }

    /** Where the current token begins. */
    int position() {
        return start;
    }

    /** The current identifier, or the string literal without its quotes. */
    String string() {
        return string;
    }

    /** The current number: Long, Float or Double; null for 2^63, which is legal only behind a minus. */
    Object number() {
        return number;
    }

    /** The current token as it stands in the text, shortened if it is long. */
    String shown() {
        if (kind == TokenKind.END) {
            return kind.look;
        }
        return at - start <= 40 ? text.substring(start, at) : text.substring(start, start + 37) + "...";
    }

    /** @throws SelectorSyntaxException if there is no token here */
    void advance() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        start = at;
        if (at == text.length()) {
            kind = TokenKind.END;
            return;
        }
        int c = text.codePointAt(at);
        if (Character.isJavaIdentifierStart(c)) {
            word();
        } else if (isDigit(c) || c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
            kind = numberToken();
        } else if (c == '\'') {
            kind = quoted();
        } else {
            kind = symbol((char) c);
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private void word() {
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!Character.isJavaIdentifierPart(c)) {
                break;
            }
            at += Character.charCount(c);
        }
        string = text.substring(start, at);
        TokenKind keyword = TokenKind.keyword(string);
        kind = keyword == null ? TokenKind.IDENTIFIER : keyword;
    }

    private TokenKind quoted() {
        StringBuilder content = new StringBuilder();
        at++;
        while (true) {
            int quote = text.indexOf('\'', at);
            if (quote < 0) {
                throw new SelectorSyntaxException(start, "a string literal without its closing quote");
            }
            content.append(text, at, quote);
            at = quote + 1;
            if (at == text.length() || text.charAt(at) != '\'') {
                string = content.toString();
                return TokenKind.STRING;
            }
            content.append('\'');
            at++;
        }
    }

    private TokenKind symbol(char c) {
        at++;
        return switch (c) {
            case '(' -> TokenKind.LEFT;
            case ')' -> TokenKind.RIGHT;
            case ',' -> TokenKind.COMMA;
            case '+' -> TokenKind.PLUS;
            case '-' -> TokenKind.MINUS;
            case '*' -> TokenKind.STAR;
            case '/' -> TokenKind.SLASH;
            case '=' -> TokenKind.EQUAL;
            case '<' -> follows('>') ? TokenKind.NOT_EQUAL : follows('=') ? TokenKind.LESS_OR_EQUAL : TokenKind.LESS;
            case '>' -> follows('=') ? TokenKind.GREATER_OR_EQUAL : TokenKind.GREATER;
            case '"' -> throw new SelectorSyntaxException(start, "string literals stand in single quotes");
            case '!' -> throw new SelectorSyntaxException(start, "'!' is no operator; unequal is written <>");
            default -> throw new SelectorSyntaxException(start, "unexpected character " + printable(start));
        };
    }

    private boolean follows(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private String printable(int position) {
        int c = text.codePointAt(position);
        return Character.isISOControl(c) ? String.format("U+%04X", c) : "'" + Character.toString(c) + "'";
    }

    /** Takes everything that could belong to a number; whether it is one, the next step decides. */
    private TokenKind numberToken() {
        boolean hex = text.startsWith("0x", at) || text.startsWith("0X", at);
        while (at < text.length()) {
            int c = text.codePointAt(at);
            boolean exponentSign = (c == '+' || c == '-') && endsWithExponentMark(hex);
            boolean part = Character.isJavaIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
            if (c != '.' && !exponentSign && !part) {
                break;
            }
            at += Character.charCount(c);
        }
        String literal = text.substring(start, at);
        try {
            number = NumberLiteral.parse(literal);
        } catch (NumberFormatException wrong) {
            throw new SelectorSyntaxException(start, wrong.getMessage());
        }
        return number == null || number instanceof Long ? TokenKind.EXACT : TokenKind.APPROXIMATE;
    }

    private boolean endsWithExponentMark(boolean hex) {
        return at > start && Character.toLowerCase(text.charAt(at - 1)) == (hex ? 'p' : 'e');
    }
}
