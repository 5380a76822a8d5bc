package io.posthorn.cluster.history;

/** An invariant that does not hold, and where one sees it. */
public record Violation(String invariant, String text) {

    @Override
    public String toString() {
        return invariant + ": " + text;
    }
}
