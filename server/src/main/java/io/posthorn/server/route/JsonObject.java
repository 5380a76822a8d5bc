package io.posthorn.server.route;

import io.posthorn.protocol.ProtocolException;
import java.util.Map;

/**
 * A parsed JSON object whose fields are read by type. Every read of a field of another type throws
 * {@link ProtocolException} with the field's name.
 */
public final class JsonObject {

    private final Map<?, ?> fields;
    private final String name;

    private JsonObject(Map<?, ?> fields, String name) {
        this.fields = fields;
        this.name = name;
    }

    /** @param name what the value is, for the error's text */
    public static JsonObject of(Object json, String name) {
        if (json instanceof Map<?, ?> map) {
            return new JsonObject(map, name);
        }
        throw new ProtocolException(name + " is no JSON object");
    }

    Map<?, ?> fields() {
        return fields;
    }

    /** The raw value, or null. */
    public Object get(String field) {
        return fields.get(field);
    }

    /** An integer, or the given one when absent. */
    public long integer(String field, long whenAbsent) {
        Object value = fields.get(field);
        if (value == null) {
            return whenAbsent;
        }
        if (value instanceof Long number) {
            return number;
        }
        throw new ProtocolException(name + "." + field + " is no integer");
    }

    /** An integer from 0 to {@link Integer#MAX_VALUE}, or the given one when absent. */
    public int count(String field, int whenAbsent) {
        long value = integer(field, whenAbsent);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new ProtocolException(name + "." + field + " is out of range: " + value);
        }
        return (int) value;
    }

    boolean flag(String field) {
        Object value = fields.get(field);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw new ProtocolException(name + "." + field + " is no boolean");
    }
}
