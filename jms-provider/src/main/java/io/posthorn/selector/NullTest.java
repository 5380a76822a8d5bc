package io.posthorn.selector;

/** {@code identifier IS [NOT] NULL}; never unknown. */
record NullTest(String name, boolean negated) implements Condition {

    @Override
    public int test(PropertySource source) {
        return Condition.of((source.value(name) == null) != negated);
    }
}
