package io.posthorn.selector;

/** {@code x BETWEEN low AND high}, which is {@code x >= low AND x <= high}; NOT BETWEEN is {@code x < low OR x > high}. */
record Between(Value operand, boolean negated, Value low, Value high) implements Condition {

    @Override
    public int test(PropertySource source) {
        Object value = operand.value(source);
        Object from = low.value(source);
        Object to = high.value(source);
        if (negated) {
            return Math.max(Operator.LESS.compare(value, from), Operator.GREATER.compare(value, to));
        }
        return Math.min(Operator.GREATER_OR_EQUAL.compare(value, from), Operator.LESS_OR_EQUAL.compare(value, to));
    }
}
