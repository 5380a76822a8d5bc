package io.posthorn.selector;

/** OR over two or more conditions, from left to right, as far as needed. Flat, so that long chains do not recurse. */
final class AnyOf implements Condition {

    private final Condition[] parts;

    AnyOf(Condition[] parts) {
        this.parts = parts;
    }

    @Override
    public int test(PropertySource source) {
        int truth = FALSE;
        for (Condition part : parts) {
            truth = Math.max(truth, part.test(source));
            if (truth == TRUE) {
                return TRUE;
            }
        }
        return truth;
    }
}
