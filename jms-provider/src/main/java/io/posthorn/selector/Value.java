package io.posthorn.selector;

/** A node with a value: a literal, an identifier, or arithmetic. */
sealed interface Value extends Node permits Literal, Identifier, Arithmetic {

    /** A Boolean, a Number, a String, or null for SQL's null. */
    Object value(PropertySource source);

    /** How many arithmetic nodes lie below each other here; bounds the recursion of evaluation. */
    default int depth() {
        return 0;
    }
}
