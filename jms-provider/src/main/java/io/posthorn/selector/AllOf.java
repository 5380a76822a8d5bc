package io.posthorn.selector;

/** AND over two or more conditions, from left to right, as far as needed. Flat, so that long chains do not recurse. */
final class AllOf implements Condition {

    private final Condition[] parts;

    AllOf(Condition[] parts) {
        this.parts = parts;
    }

    @Override
    public int test(PropertySource source) {
        int truth = TRUE;
        for (Condition part : parts) {
            truth = Math.min(truth, part.test(source));
            if (truth == FALSE) {
                return FALSE;
            }
        }
        return truth;
    }
}
