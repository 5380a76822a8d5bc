package io.posthorn.samples;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Writes a {@link Reconciliation} for a human being: the table of totals, and what is wrong, if anything is. */
final class ReportText {
    private static final String ROW = "%-8s %8s %16s %10s %16s%s";
    private static final int LISTED_MAX = 50;

    private final Reconciliation result;
    private final List<String> lines = new ArrayList<>();

    private ReportText(Reconciliation result) {
        this.result = result;
    }

    /** One row per country and one for all; rows that differ are marked. */
    static List<String> table(Reconciliation result) {
        return new ReportText(result).writeTable();
    }

    /** The missing, doubled, unknown and wrong ones, up to {@value #LISTED_MAX} of each; empty when all is exact. */
    static List<String> faults(Reconciliation result) {
        return new ReportText(result).writeFaults();
    }

    /** An amount as in {@code 1,234.50}. */
    static String euros(long cents) {
        return String.format(Locale.ROOT, "%,.2f", BigDecimal.valueOf(cents, 2));
    }

    /** A number as in {@code 1,234}. */
    static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private List<String> writeTable() {
        lines.add(ROW.formatted("country", "orders", "file EUR", "invoices", "ledger EUR", ""));
        Set<String> countries = new TreeSet<>(result.expected().countries());
        countries.addAll(result.booked().countries());
        for (String country : countries) {
            row(country, result.expected().of(country), result.booked().of(country));
        }
        row("total", result.expected().all(), result.booked().all());
        return lines;
    }

    private void row(String name, Totals.Line expected, Totals.Line booked) {
        lines.add(ROW.formatted(
                name,
                count(expected.count()),
                euros(expected.cents()),
                count(booked.count()),
                euros(booked.cents()),
                expected.equals(booked) ? "" : "  <-- differs"));
    }

    private List<String> writeFaults() {
        list("missing: no invoice for", result.missing());
        list(
                "doubled: more than one invoice for",
                result.doubled().entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + " times)")
                        .toList());
        list("unknown: invoice for an order that is not in the file", result.unknown());
        list(
                "wrong: country or amount is not that of the order",
                result.wrong().stream()
                        .map(invoice -> "%s (%s %s EUR)"
                                .formatted(invoice.orderId(), invoice.country(), euros(invoice.amountCents())))
                        .toList());
        return lines;
    }

    private void list(String what, Collection<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        lines.add(count(ids.size()) + " " + what + ":");
        ids.stream().limit(LISTED_MAX).forEach(id -> lines.add("    " + id));
        if (ids.size() > LISTED_MAX) {
            lines.add("    and " + count(ids.size() - LISTED_MAX) + " more");
        }
    }
}
