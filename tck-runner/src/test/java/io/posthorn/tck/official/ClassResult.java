package io.posthorn.tck.official;

import java.util.List;

/**
 * What came of one test class.
 *
 * @param planned  how many tests the class has
 * @param skipped  disabled, or given up because an assumption of theirs did not hold
 * @param failures tests that failed, and the class itself where it did; in the order in which they ran
 */
record ClassResult(
        String name, Ending ending, int planned, int passed, int skipped, List<Failure> failures, long millis) {

    /** How a class came to its end. */
    enum Ending {
        FINISHED,
        /** Its JVM was killed at the time limit. */
        OVER_TIME,
        /** Its JVM ended by itself. */
        DIED
    }

    /** A test that failed, and why, in one line. */
    record Failure(String test, String reason) {}

    ClassResult {
        failures = List.copyOf(failures);
    }

    /** Tests that the class never came to. */
    int notRun() {
        return Math.max(0, planned - passed - skipped - failures.size());
    }

    boolean isClean() {
        return ending == Ending.FINISHED && failures.isEmpty();
    }
}
