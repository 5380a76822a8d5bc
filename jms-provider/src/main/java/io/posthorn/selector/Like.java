package io.posthorn.selector;

/** {@code identifier [NOT] LIKE 'pattern'}. A property that is no string is false both ways. */
record Like(String name, boolean negated, LikePattern pattern) implements Condition {

    @Override
    public int test(PropertySource source) {
        Object found = source.value(name);
        if (found == null) {
            return UNKNOWN;
        }
        return found instanceof String text ? Condition.of(pattern.matches(text) != negated) : FALSE;
    }
}
