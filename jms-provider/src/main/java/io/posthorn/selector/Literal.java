package io.posthorn.selector;

/**
 * A constant.
 *
 * @param value a String, Boolean, Long, Double, or Float; or null for a constant expression without value, as 1/0
 */
record Literal(Object value) implements Value {

    @Override
    public Object value(PropertySource source) {
        return value;
    }
}
