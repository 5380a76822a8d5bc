package io.posthorn.selector;

import java.util.Set;

/** {@code identifier [NOT] IN ('a', 'b')}. A property that is no string is in no list and out of none: false both ways. */
record InList(String name, boolean negated, Set<String> list) implements Condition {

    @Override
    public int test(PropertySource source) {
        Object found = source.value(name);
        if (found == null) {
            return UNKNOWN;
        }
        return found instanceof String text ? Condition.of(list.contains(text) != negated) : FALSE;
    }
}
