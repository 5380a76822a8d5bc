package io.posthorn.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One pass over one JSON text; see {@link Json} for the values and the lenient form. One thread, one use. */
final class JsonReader {

    private final String text;
    private final boolean lenient;
    private int at;
    private int depth;

    JsonReader(String text, boolean lenient) {
        if (text.length() > Json.TEXT_MAX_CHARS) {
            throw new ProtocolException(
                    "JSON of " + text.length() + " characters, the limit is " + Json.TEXT_MAX_CHARS);
        }
        this.text = text;
        this.lenient = lenient;
    }

    Object read() {
        Object value = value();
        blanks();
        if (at < text.length()) {
            throw malformed("text after the end of the value");
        }
        return value;
    }

    private Object value() {
        blanks();
        char c = peek();
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        enter();
        Map<String, Object> map = new LinkedHashMap<>();
        blanks();
        if (peek() == '}') {
            at++;
        } else {
            do {
                String key = key();
                blanks();
                expect(':');
                map.put(key, value());
            } while (more('}'));
        }
        depth--;
        return map;
    }

    private String key() {
        blanks();
        char c = peek();
        if (c == '"') {
            return string();
        }
        if (lenient && c == '{') {
            return Json.write(object());
        }
        if (lenient && (c == '-' || isDigit(c))) {
            return number().toString();
        }
        throw malformed("a key expected");
    }

    private List<Object> array() {
        enter();
        List<Object> list = new ArrayList<>();
        blanks();
        if (peek() == ']') {
            at++;
        } else {
            do {
                list.add(value());
            } while (more(']'));
        }
        depth--;
        return list;
    }

    private void enter() {
        at++;
        if (++depth > Json.DEPTH_MAX) {
            throw malformed("more than " + Json.DEPTH_MAX + " levels");
        }
    }

    private boolean more(char end) {
        blanks();
        char c = peek();
        if (c != ',' && c != end) {
            throw malformed("',' or '" + end + "' expected");
        }
        at++;
        return c == ',';
    }

    private String string() {
        int start = ++at;
        int end = plainUntil(start);
        if (text.charAt(end) == '"') {
            at = end + 1;
            return text.substring(start, end);
        }
        StringBuilder out = new StringBuilder(end - start + 32);
        while (true) {
            out.append(text, start, end);
            at = end + 1;
            if (text.charAt(end) == '"') {
                return out.toString();
            }
            out.append(escaped());
            start = at;
            end = plainUntil(start);
        }
    }

    /** Index of the next quote or backslash. */
    private int plainUntil(int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                return i;
            }
            if (c < 0x20) {
                at = i;
                throw malformed("a control character in a string");
            }
        }
        at = text.length();
        throw malformed("a string without end");
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexChar();
            default -> throw malformed("an unknown escape");
        };
    }

    private char hexChar() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            // Character.digit takes the digits of every script; only ASCII ones are JSON.
            if (digit < 0 || peek() > 'f') {
                throw malformed("four hexadecimal digits expected");
            }
            value = value << 4 | digit;
            at++;
        }
        return (char) value;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw malformed("a value expected");
        }
        at += word.length();
        return value;
    }

    private Object number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        boolean integer = true;
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits();
            integer = false;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
            integer = false;
        }
        // 18 digits always fit a long; longer ones are rare enough for an exception to be cheap.
        if (integer && at - start <= 18) {
            return Long.parseLong(text, start, at, 10);
        }
        return large(text.substring(start, at), integer);
    }

    private Object large(String digits, boolean integer) {
        try {
            if (integer) {
                return Long.parseLong(digits);
            }
        } catch (NumberFormatException overLong) {
            // An integer beyond 64 bits is a legal JSON number: it becomes a double, as in most readers.
        }
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            throw malformed("a number too large for a double");
        }
        return value;
    }

    private void digits() {
        int start = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw malformed("a value expected");
        }
    }

    private void blanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                return;
            }
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw malformed("the text ends too soon");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw malformed("'" + c + "' expected");
        }
        at++;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private ProtocolException malformed(String what) {
        return new ProtocolException("malformed JSON at character " + at + ": " + what);
    }
}
