package io.posthorn.selector;

/**
 * Numeric promotion as in the Java language (3.8.1.1; JLS 5.6): two numbers meet in the widest of their types, and in int at
 * least. Integer literals of a selector are longs, whether or not an L stands behind them.
 */
final class Numbers {

    static final int INT = 0;
    static final int LONG = 1;
    static final int FLOAT = 2;
    static final int DOUBLE = 3;

    private Numbers() {}

    /** The type a number is promoted to by itself; of two numbers the greater one counts. */
    static int typeOf(Number value) {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return INT;
        }
        if (value instanceof Long) {
            return LONG;
        }
        return value instanceof Float ? FLOAT : DOUBLE;
    }

    static Object negate(Object value) {
        if (!(value instanceof Number number)) {
            return null;
        }
        // A switch expression would promote its four branches to one type.
        switch (typeOf(number)) {
            case INT:
                return -number.intValue();
            case LONG:
                return -number.longValue();
            case FLOAT:
                return -number.floatValue();
            default:
                return -number.doubleValue();
        }
    }
}
