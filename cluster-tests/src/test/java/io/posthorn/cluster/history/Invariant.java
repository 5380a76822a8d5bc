package io.posthorn.cluster.history;

import java.util.function.Consumer;

/** One rule over a whole history. Stateless. */
interface Invariant {

    /** Its number in the list of invariants, as in {@code I4}. */
    String name();

    /** Tells every violation, in words that name the events by their index. */
    void check(Facts facts, Consumer<String> violation);
}
