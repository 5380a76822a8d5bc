package io.posthorn.selector;

/** The six comparison operators. */
enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    /** Whether it asks for an order, which strings and booleans do not have (3.8.1.1). */
    boolean isOrdering() {
        return this != EQUAL && this != NOT_EQUAL;
    }

    /** The operator that says the same with its operands exchanged. */
    Operator mirrored() {
        return switch (this) {
            case LESS -> GREATER;
            case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
            case GREATER -> LESS;
            case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
            default -> this;
        };
    }

    boolean holds(long left, long right) {
        return switch (this) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case LESS_OR_EQUAL -> left <= right;
            case GREATER -> left > right;
            case GREATER_OR_EQUAL -> left >= right;
        };
    }

    boolean holds(double left, double right) {
        return switch (this) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case LESS_OR_EQUAL -> left <= right;
            case GREATER -> left > right;
            case GREATER_OR_EQUAL -> left >= right;
        };
    }

    /** Compares two values by the rules of 3.8.1.1: null is unknown, unlike types are false. */
    int compare(Object left, Object right) {
        if (left == null || right == null) {
            return Condition.UNKNOWN;
        }
        if (left instanceof Number l && right instanceof Number r) {
            return Condition.of(
                    switch (Math.max(Numbers.typeOf(l), Numbers.typeOf(r))) {
                        case Numbers.DOUBLE -> holds(l.doubleValue(), r.doubleValue());
                        case Numbers.FLOAT -> holds((double) l.floatValue(), r.floatValue());
                        default -> holds(l.longValue(), r.longValue());
                    });
        }
        if (isOrdering()
                || !(left instanceof String && right instanceof String)
                        && !(left instanceof Boolean && right instanceof Boolean)) {
            return Condition.FALSE;
        }
        return Condition.of(left.equals(right) == (this == EQUAL));
    }
}
