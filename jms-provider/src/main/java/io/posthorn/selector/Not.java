package io.posthorn.selector;

/** Negation; unknown stays unknown. */
record Not(Condition inner) implements Condition {

    @Override
    public int test(PropertySource source) {
        return Condition.negate(inner.test(source));
    }
}
