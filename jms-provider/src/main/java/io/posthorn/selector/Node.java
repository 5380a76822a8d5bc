package io.posthorn.selector;

/** A node of the syntax tree: either a {@link Condition} or a {@link Value}. Immutable, and it never throws. */
sealed interface Node permits Condition, Value {}
