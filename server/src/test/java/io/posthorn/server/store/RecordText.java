package io.posthorn.server.store;

import io.posthorn.message.EncodedMessage;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A record as text that shows what is in arrays and messages, independent of the codec. */
final class RecordText {

    private RecordText() {}

    static String of(Object value) {
        if (value instanceof int[] ints) {
            return Arrays.toString(ints);
        } else if (value instanceof long[] longs) {
            return Arrays.toString(longs);
        } else if (value instanceof EncodedMessage message) {
            return HexFormat.of().formatHex(message.bytes());
        } else if (value instanceof List<?> list) {
            return list.stream().map(RecordText::of).toList().toString();
        } else if (value instanceof Record record) {
            StringBuilder text = new StringBuilder(record.getClass().getSimpleName());
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                try {
                    Object field = component.getAccessor().invoke(record);
                    text.append(' ').append(component.getName()).append('=').append(of(field));
                } catch (ReflectiveOperationException unreadable) {
                    throw new AssertionError(unreadable);
                }
            }
            return text.toString();
        }
        return String.valueOf(value);
    }
}
