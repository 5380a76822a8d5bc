package io.posthorn.protocol.api;

import io.posthorn.message.EncodedMessage;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares records by content, arrays and messages included. */
final class Records {

    private Records() {}

    /** A value whose equals compares content. */
    static Object content(Object value) {
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        if (value instanceof EncodedMessage message) {
            return Arrays.toString(message.bytes());
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Records::content).toList();
        }
        if (value instanceof Record) {
            List<Object> fields = new ArrayList<>();
            fields.add(value.getClass().getSimpleName());
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                try {
                    fields.add(component.getName());
                    fields.add(content(component.getAccessor().invoke(value)));
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
            return fields;
        }
        return value;
    }
}
