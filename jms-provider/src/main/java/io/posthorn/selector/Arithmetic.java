package io.posthorn.selector;

/** One of + - * / over two values, or a sign. Anything that is not a number makes the result null, hence unknown. */
final class Arithmetic implements Value {

    private final char operator;
    private final Value left;
    private final Value right;
    private final int depth;

    /**
     * @param operator {@code + - * /}, or {@code n} for a negative sign and {@code p} for a positive one
     * @param right    null for a sign
     */
    Arithmetic(char operator, Value left, Value right) {
        this.operator = operator;
        this.left = left;
        this.right = right;
        this.depth = 1 + Math.max(left.depth(), right == null ? 0 : right.depth());
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public Object value(PropertySource source) {
        if (right == null) {
            return sign(left.value(source));
        }
        return combine(operator, left.value(source), right.value(source));
    }

    private Object sign(Object value) {
        if (operator == 'n') {
            return Numbers.negate(value);
        }
        return value instanceof Number ? value : null;
    }

    private static Object combine(char operator, Object left, Object right) {
        if (!(left instanceof Number l) || !(right instanceof Number r)) {
            return null;
        }
        switch (Math.max(Numbers.typeOf(l), Numbers.typeOf(r))) {
            case Numbers.INT:
                return ofInts(operator, l.intValue(), r.intValue());
            case Numbers.LONG:
                return ofLongs(operator, l.longValue(), r.longValue());
            case Numbers.FLOAT:
                return ofFloats(operator, l.floatValue(), r.floatValue());
            default:
                return ofDoubles(operator, l.doubleValue(), r.doubleValue());
        }
    }

    private static Object ofInts(char operator, int left, int right) {
        return switch (operator) {
            case '+' -> left + right;
            case '-' -> left - right;
            case '*' -> left * right;
            default -> right == 0 ? null : (Object) (left / right);
        };
    }

    private static Object ofLongs(char operator, long left, long right) {
        return switch (operator) {
            case '+' -> left + right;
            case '-' -> left - right;
            case '*' -> left * right;
            default -> right == 0 ? null : (Object) (left / right);
        };
    }

    private static Object ofFloats(char operator, float left, float right) {
        return switch (operator) {
            case '+' -> left + right;
            case '-' -> left - right;
            case '*' -> left * right;
            default -> left / right;
        };
    }

    private static Object ofDoubles(char operator, double left, double right) {
        return switch (operator) {
            case '+' -> left + right;
            case '-' -> left - right;
            case '*' -> left * right;
            default -> left / right;
        };
    }
}
