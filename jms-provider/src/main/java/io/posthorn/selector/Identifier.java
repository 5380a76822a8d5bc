package io.posthorn.selector;

/** A property or header field by its name. */
record Identifier(String name) implements Value {

    @Override
    public Object value(PropertySource source) {
        return source.value(name);
    }
}
