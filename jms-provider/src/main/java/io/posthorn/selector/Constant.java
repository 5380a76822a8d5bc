package io.posthorn.selector;

/** A condition that does not look at the message. */
record Constant(int truth) implements Condition {

    @Override
    public int test(PropertySource source) {
        return truth;
    }
}
