package io.posthorn.selector;

/**
 * A node with a truth value. The three values are ordered numbers, which turns the truth tables of SQL (3.8.1.2) into
 * minimum, maximum and a subtraction.
 */
sealed interface Condition extends Node
        permits AllOf,
                AnyOf,
                Not,
                Constant,
                Flag,
                Comparison,
                NumberTest,
                EqualityTest,
                Between,
                InList,
                Like,
                NullTest {

    int FALSE = 0;
    int UNKNOWN = 1;
    int TRUE = 2;

    /** {@link #FALSE}, {@link #UNKNOWN} or {@link #TRUE}. */
    int test(PropertySource source);

    static int of(boolean value) {
        return value ? TRUE : FALSE;
    }

    static int negate(int truth) {
        return TRUE - truth;
    }
}
