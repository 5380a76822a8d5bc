package io.posthorn.protocol;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The JSON header form: one UTF-8 object with its fields in alphabetical order, as RocketMQ writes it.
 *
 * <pre>
 * {"code":105,"extFields":{"topic":"T1"},"flag":0,"language":"JAVA","opaque":7,
 *  "remark":"…" (left out when null),"serializeTypeCurrentRPC":"JSON","version":479}
 * </pre>
 */
final class JsonHeaderCodec {

    /** The number of a language is its index. */
    private static final String[] LANGUAGES = {
        "JAVA", "CPP", "DOTNET", "PYTHON", "DELPHI", "ERLANG", "RUBY", "OTHER", "HTTP", "GO", "PHP", "OMS", "RUST",
        "NODE_JS"
    };

    private static final int LANGUAGE_OTHER = 7;

    private JsonHeaderCodec() {}

    static byte[] encode(Frame frame) {
        StringBuilder out = new StringBuilder(160 + 40 * frame.ext().size());
        out.append("{\"code\":").append(frame.code());
        // Written even when empty: some answers make the Java client dereference the map without a check (3.1).
        out.append(",\"extFields\":{");
        boolean first = true;
        for (Map.Entry<String, String> entry : frame.ext().entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            JsonWriter.string(out, entry.getKey());
            out.append(':');
            JsonWriter.string(out, entry.getValue());
        }
        out.append("},\"flag\":").append(frame.flag());
        out.append(",\"language\":\"").append(languageName(frame.language()));
        out.append("\",\"opaque\":").append(frame.opaque());
        if (frame.remark() != null) {
            out.append(",\"remark\":");
            JsonWriter.string(out, frame.remark());
        }
        out.append(",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":")
                .append(frame.version())
                .append('}');
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    static FrameHeader decode(byte[] bytes) {
        if (!(Json.parse(new String(bytes, StandardCharsets.UTF_8)) instanceof Map<?, ?> fields)) {
            throw new ProtocolException("a frame header that is no JSON object");
        }
        if (fields.get("code") == null) {
            throw new ProtocolException("a frame header without code");
        }
        return new FrameHeader(
                number(fields, "code"),
                languageNumber(fields.get("language")),
                number(fields, "version"),
                number(fields, "opaque"),
                number(fields, "flag"),
                text("remark", fields.get("remark")),
                ext(fields.get("extFields")));
    }

    private static int number(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof Long number && number.intValue() == number) {
            return number.intValue();
        }
        throw new ProtocolException("header field " + name + " is no 32-bit number");
    }

    private static Map<String, String> ext(Object value) {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> fields)) {
            throw new ProtocolException("header field extFields is no object");
        }
        if (fields.size() > FrameHeader.EXT_ENTRIES_MAX) {
            throw new ProtocolException(
                    "a header with " + fields.size() + " extFields, the limit is " + FrameHeader.EXT_ENTRIES_MAX);
        }
        Map<String, String> ext = new LinkedHashMap<>(Math.max(4, fields.size() * 2));
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            String name = (String) field.getKey();
            String text = text(name, field.getValue());
            if (text != null) {
                ext.put(name, text);
            }
        }
        return ext;
    }

    /** Every value ought to be a string; numbers and booleans of careless peers are taken as their text. */
    private static String text(String name, Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Map || value instanceof Iterable) {
            throw new ProtocolException("header field " + name + " is no string");
        }
        return value.toString();
    }

    private static String languageName(int number) {
        return LANGUAGES[number >= 0 && number < LANGUAGES.length ? number : LANGUAGE_OTHER];
    }

    private static int languageNumber(Object name) {
        for (int i = 0; i < LANGUAGES.length; i++) {
            if (LANGUAGES[i].equals(name)) {
                return i;
            }
        }
        return LANGUAGE_OTHER;
    }
}
