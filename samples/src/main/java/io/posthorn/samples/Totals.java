package io.posthorn.samples;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts and sums, per country and over all. Not thread-safe.
 *
 * <p>Amounts are euro cents in a {@code long}; an overflow is an {@link ArithmeticException}, never a wrong sum.
 */
final class Totals {
    /** How many, and how much. */
    record Line(int count, long cents) {
        private static final Line NONE = new Line(0, 0);

        private Line plus(long amountCents) {
            return new Line(Math.addExact(count, 1), Math.addExact(cents, amountCents));
        }
    }

    private final SortedMap<String, Line> byCountry = new TreeMap<>();
    private Line all = Line.NONE;

    /** What the invoices for these orders must add up to. */
    static Totals ofOrders(Collection<Order> orders) {
        Totals totals = new Totals();
        for (Order order : orders) {
            totals.add(order.customer().country(), order.amountCents());
        }
        return totals;
    }

    static Totals ofInvoices(Collection<Invoice> invoices) {
        Totals totals = new Totals();
        for (Invoice invoice : invoices) {
            totals.add(invoice.country(), invoice.amountCents());
        }
        return totals;
    }

    private void add(String country, long amountCents) {
        all = all.plus(amountCents);
        byCountry.merge(country, Line.NONE.plus(amountCents), (line, one) -> line.plus(one.cents()));
    }

    Line all() {
        return all;
    }

    /** The line of a country, zeros when there is none. */
    Line of(String country) {
        return byCountry.getOrDefault(country, Line.NONE);
    }

    Collection<String> countries() {
        return byCountry.keySet();
    }
}
