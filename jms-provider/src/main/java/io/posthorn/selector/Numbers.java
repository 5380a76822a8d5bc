package io.posthorn.selector;

/** Numeric promotion: exact values are computed as long, everything else as double. */
final class Numbers {

    private Numbers() {}

    /** Whether it is an integer of Java, as opposed to a float or double. */
    static boolean isExact(Number value) {
        return value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte;
    }

    static Object negate(Object value) {
        if (!(value instanceof Number number)) {
            return null;
        }
        if (isExact(number)) {
            return -number.longValue();
        }
        return -number.doubleValue();
    }
}
