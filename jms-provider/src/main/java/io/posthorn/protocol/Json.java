package io.posthorn.protocol;

/**
 * JSON text to plain values and back: the little that RocketMQ's headers and bodies need. Stateless; any thread.
 *
 * <p>Values: {@code Map<String, Object>} (insertion order), {@code List<Object>}, String, Long, Double, Boolean, null.
 * Input is limited to {@value #TEXT_MAX_CHARS} characters and {@value #DEPTH_MAX} levels.
 *
 * <p>RocketMQ writes two things that are not JSON, and both directions have a form for them: numeric keys without quotes,
 * {@code {0:"host:port"}}, and objects as keys, {@code {{"queueId":1}:{…}}}.
 */
public final class Json {

    /** Longest text that is parsed: what fits into a frame. */
    public static final int TEXT_MAX_CHARS = 16 * 1024 * 1024;

    /** Deepest nesting of objects and arrays, in either direction. */
    public static final int DEPTH_MAX = 32;

    private Json() {}

    /**
     * Parses one value, by RFC 8259; of a repeated key the last value counts.
     *
     * @throws ProtocolException if the text is not exactly one JSON value, or is over a limit
     */
    public static Object parse(String text) {
        return new JsonReader(text, false).read();
    }

    /**
     * As {@link #parse}, and takes RocketMQ's keys too. A numeric key becomes its text; a key that is an object becomes
     * its text as {@link #write} gives it.
     */
    public static Object parseLenient(String text) {
        return new JsonReader(text, true).read();
    }

    /**
     * Writes a value without blanks: Map (keys by {@code toString}), Iterable, String, Boolean, any integer type, finite
     * Double and Float, null.
     *
     * @throws IllegalArgumentException for any other value, and for one nested too deeply
     */
    public static String write(Object value) {
        return new JsonWriter(false).write(value);
    }

    /** As {@link #write}, but map keys that are Numbers, or text of digits only, stand without quotes. */
    public static String writeUnquotedNumericKeys(Object value) {
        return new JsonWriter(true).write(value);
    }
}
