package io.posthorn.selector;

/** An identifier by itself: the property's value if it is a Boolean, otherwise unknown. */
record Flag(String name) implements Condition {

    @Override
    public int test(PropertySource source) {
        Object value = source.value(name);
        // Unknown and not false, so that NOT does not turn a property of another type into a match.
        return value instanceof Boolean b ? Condition.of(b) : UNKNOWN;
    }
}
