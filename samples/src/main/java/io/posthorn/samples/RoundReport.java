package io.posthorn.samples;

import java.util.ArrayList;
import java.util.List;

/**
 * What came of one run.
 *
 * @param result the comparison of file and ledger
 * @param repeats what had to be done again on the way
 * @param otherFaults what else went wrong, one text each
 */
record RoundReport(Reconciliation result, String repeats, List<String> otherFaults) {

    /** Whether file and ledger are equal and nothing else went wrong. */
    boolean exact() {
        return result.exact() && otherFaults.isEmpty();
    }

    /** Everything that is wrong, in lines; empty when {@link #exact}. */
    List<String> faults() {
        List<String> lines = new ArrayList<>(ReportText.faults(result));
        lines.addAll(otherFaults);
        return lines;
    }
}
