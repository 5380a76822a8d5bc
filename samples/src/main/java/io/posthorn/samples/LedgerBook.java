package io.posthorn.samples;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The invoices entered so far. It refuses none: a second invoice for an order is entered like any other, so that {@link
 * Reconciliation} finds it. Thread-safe.
 */
final class LedgerBook {
    private final List<Invoice> invoices = new ArrayList<>();
    private final Set<String> orderIds = new HashSet<>();

    synchronized void enter(List<Invoice> entries) {
        for (Invoice invoice : entries) {
            invoices.add(invoice);
            orderIds.add(invoice.orderId());
        }
    }

    /** For how many different orders there is an invoice. */
    synchronized int orderCount() {
        return orderIds.size();
    }

    synchronized List<Invoice> invoices() {
        return List.copyOf(invoices);
    }
}
