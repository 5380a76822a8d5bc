package io.posthorn.selector;

/** {@code =} or {@code <>} of an identifier and a string or boolean constant. */
record EqualityTest(String name, boolean wanted, Object constant) implements Condition {

    @Override
    public int test(PropertySource source) {
        Object found = source.value(name);
        if (found == null) {
            return UNKNOWN;
        }
        if (found.getClass() != constant.getClass()) {
            return FALSE;
        }
        return Condition.of(found.equals(constant) == wanted);
    }
}
