package io.posthorn.selector;

/** A comparison of any two values; the commoner shapes have {@link NumberTest} and {@link EqualityTest}. */
record Comparison(Value left, Operator operator, Value right) implements Condition {

    @Override
    public int test(PropertySource source) {
        return operator.compare(left.value(source), right.value(source));
    }
}
