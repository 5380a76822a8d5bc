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
        if (Numbers.isExact(l) && Numbers.isExact(r)) {
            return exact(operator, l.longValue(), r.longValue());
        }
        return approximate(operator, l.doubleValue(), r.doubleValue());
    }

    private static Object exact(char operator, long left, long right) {
        return switch (operator) {
            case '+' -> left + right;
            case '-' -> left - right;
            case '*' -> left * right;
            default -> right == 0 ? null : (Object) (left / right);
        };
    }

    private static Object approximate(char operator, double left, double right) {
        return switch (operator) {
            case '+' -> left + right;
            case '-' -> left - right;
            case '*' -> left * right;
            default -> left / right;
        };
    }
}
