package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.MessageFormatException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.function.ThrowingSupplier;

/**
 * The conversion table of 3.5.4 and 3.11.3 as the specification prints it, cell by cell: for each stored type the types it
 * may be read as. Everything not in the table is a MessageFormatException.
 */
final class Matrix {

    /** One stored value per type, and what each legal reader makes of it. */
    static final Map<Object, Map<String, Object>> ROWS = new LinkedHashMap<>();

    static {
        ROWS.put(true, Map.of("boolean", true, "String", "true"));
        ROWS.put((byte) 5, Map.of("byte", (byte) 5, "short", (short) 5, "int", 5, "long", 5L, "String", "5"));
        ROWS.put((short) -6, Map.of("short", (short) -6, "int", -6, "long", -6L, "String", "-6"));
        ROWS.put('c', Map.of("char", 'c', "String", "c"));
        ROWS.put(70_000, Map.of("int", 70_000, "long", 70_000L, "String", "70000"));
        ROWS.put(1L << 40, Map.of("long", 1L << 40, "String", "1099511627776"));
        ROWS.put(1.5f, Map.of("float", 1.5f, "double", 1.5d, "String", "1.5"));
        ROWS.put(2.25d, Map.of("double", 2.25d, "String", "2.25"));
        ROWS.put(
                "7",
                Map.of(
                        "boolean", false, "byte", (byte) 7, "short", (short) 7, "int", 7, "long", 7L, "float", 7f,
                        "double", 7d, "String", "7"));
    }

    private Matrix() {}

    /** Asserts one cell of a row. */
    static void check(Object stored, String type, ThrowingSupplier<?> reader) {
        String cell = stored.getClass().getSimpleName() + " read as " + type;
        Object expected = ROWS.get(stored).get(type);
        if (expected == null) {
            assertThrows(MessageFormatException.class, reader::get, cell);
            return;
        }
        assertEquals(expected, get(reader, cell), cell);
    }

    /** Asserts what a reader does with text that is no number. */
    static void checkUnparsable(String type, ThrowingSupplier<?> reader) {
        switch (type) {
            case "boolean" -> assertEquals(false, get(reader, type));
            case "String" -> assertEquals("abc", get(reader, type));
            case "char" -> assertThrows(MessageFormatException.class, reader::get, type);
            default -> assertThrows(NumberFormatException.class, reader::get, type);
        }
    }

    /** Asserts what a reader does with null. */
    static void checkNull(String type, ThrowingSupplier<?> reader) {
        switch (type) {
            case "boolean" -> assertEquals(false, get(reader, type));
            case "String" -> assertEquals(null, get(reader, type));
            case "float", "double", "char" -> assertThrows(NullPointerException.class, reader::get, type);
            default -> assertThrows(NumberFormatException.class, reader::get, type);
        }
    }

    private static Object get(ThrowingSupplier<?> reader, String cell) {
        try {
            return reader.get();
        } catch (Throwable wrong) {
            throw new AssertionError(cell, wrong);
        }
    }
}
