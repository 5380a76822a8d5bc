package io.posthorn.protocol;

import java.util.Map;

/** Writes one JSON text; see {@link Json}. One thread, one use. */
final class JsonWriter {

    private static final String HEX = "0123456789abcdef";

    private final boolean unquotedNumericKeys;
    private final StringBuilder out = new StringBuilder(256);
    private int depth;

    JsonWriter(boolean unquotedNumericKeys) {
        this.unquotedNumericKeys = unquotedNumericKeys;
    }

    String write(Object value) {
        value(value);
        return out.toString();
    }

    private void value(Object value) {
        if (value == null || value instanceof Boolean || isInteger(value)) {
            out.append(value);
        } else if (value instanceof String text) {
            string(out, text);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Iterable<?> list) {
            array(list);
        } else if (value instanceof Double || value instanceof Float) {
            decimal((Number) value);
        } else {
            throw new IllegalArgumentException("no JSON for " + value.getClass().getName());
        }
    }

    private void object(Map<?, ?> map) {
        enter('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            key(entry.getKey());
            out.append(':');
            value(entry.getValue());
        }
        out.append('}');
        depth--;
    }

    private void key(Object key) {
        String text = String.valueOf(key);
        if (unquotedNumericKeys && isNumeric(text)) {
            out.append(text);
        } else {
            string(out, text);
        }
    }

    private void array(Iterable<?> list) {
        enter('[');
        boolean first = true;
        for (Object element : list) {
            if (!first) {
                out.append(',');
            }
            first = false;
            value(element);
        }
        out.append(']');
        depth--;
    }

    private void enter(char bracket) {
        if (++depth > Json.DEPTH_MAX) {
            throw new IllegalArgumentException("more than " + Json.DEPTH_MAX + " levels of JSON");
        }
        out.append(bracket);
    }

    private void decimal(Number value) {
        if (!Double.isFinite(value.doubleValue())) {
            throw new IllegalArgumentException("no JSON for " + value);
        }
        out.append(value);
    }

    private static boolean isInteger(Object value) {
        return value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte;
    }

    private static boolean isNumeric(String text) {
        // JSON numbers have no leading zero, so "007" stays a quoted key.
        if (text.isEmpty() || text.length() > 1 && text.charAt(0) == '0') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** A quoted JSON string. Half a surrogate pair is escaped, since UTF-8 has no bytes for it. */
    static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                control(out, c);
            } else if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    out.append(c).append(text.charAt(++i));
                } else {
                    unicode(out, c);
                }
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static void control(StringBuilder out, char c) {
        switch (c) {
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> unicode(out, c);
        }
    }

    private static void unicode(StringBuilder out, char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(c >> shift & 0xf));
        }
    }
}
