package io.posthorn.tck.official;

import io.posthorn.tck.official.ClassResult.Failure;
import java.io.PrintStream;
import java.util.Locale;

/** Prints one line per class while the suite runs, the failures below it, and the total at the end. One thread. */
final class SuiteReport {

    private final PrintStream out;
    private int classes;
    private int unclean;
    private int passed;
    private int failed;
    private int skipped;
    private int notRun;

    SuiteReport(PrintStream out) {
        this.out = out;
    }

    void add(ClassResult result) {
        classes++;
        unclean += result.isClean() ? 0 : 1;
        passed += result.passed();
        failed += result.failures().size();
        skipped += result.skipped();
        notRun += result.notRun();
        out.println(counts(result.passed(), result.failures().size(), result.skipped(), result.notRun())
                + String.format(Locale.ROOT, "  %6.1f s  ", result.millis() / 1000.0)
                + result.name());
        for (Failure failure : result.failures()) {
            out.println("    FAILED " + failure.test() + ": " + failure.reason());
        }
        out.flush();
    }

    /** Prints the total. */
    void end() {
        out.println(counts(passed, failed, skipped, notRun) + "  in total, of " + classes + " classes, " + unclean
                + " of them with failures");
        out.println("This is a run of the tests, not a certification.");
        out.flush();
    }

    /** Whether every class passed, and there was at least one test. */
    boolean isClean() {
        return unclean == 0 && passed > 0;
    }

    private static String counts(int passed, int failed, int skipped, int notRun) {
        return String.format(
                Locale.ROOT, "passed %4d, failed %3d, skipped %3d, not run %3d", passed, failed, skipped, notRun);
    }
}
