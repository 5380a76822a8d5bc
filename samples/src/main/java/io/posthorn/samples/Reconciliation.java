package io.posthorn.samples;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The comparison of the order file with the ledger, order by order.
 *
 * @param expected what the file adds up to
 * @param booked what the ledger adds up to
 * @param missing orders without an invoice, in the order of the file
 * @param doubled orders with more than one invoice, and how many, in the order of the file
 * @param unknown invoices for orders that are not in the file
 * @param wrong invoices whose country or amount is not that of the order
 */
record Reconciliation(
        Totals expected,
        Totals booked,
        List<String> missing,
        Map<String, Integer> doubled,
        Set<String> unknown,
        List<Invoice> wrong) {

    static Reconciliation of(List<Order> orders, Collection<Invoice> invoices) {
        Map<String, List<Invoice>> byOrder = new LinkedHashMap<>();
        for (Invoice invoice : invoices) {
            byOrder.computeIfAbsent(invoice.orderId(), id -> new ArrayList<>()).add(invoice);
        }
        List<String> missing = new ArrayList<>();
        Map<String, Integer> doubled = new LinkedHashMap<>();
        List<Invoice> wrong = new ArrayList<>();
        Map<String, List<Invoice>> left = new HashMap<>(byOrder);
        for (Order order : orders) {
            List<Invoice> ofOrder = left.remove(order.id());
            if (ofOrder == null) {
                missing.add(order.id());
                continue;
            }
            if (ofOrder.size() > 1) {
                doubled.put(order.id(), ofOrder.size());
            }
            Invoice right = new Invoice(order.id(), order.customer().country(), order.amountCents());
            ofOrder.stream().filter(invoice -> !invoice.equals(right)).forEach(wrong::add);
        }
        Set<String> unknown = new LinkedHashSet<>(byOrder.keySet());
        unknown.retainAll(left.keySet());
        return new Reconciliation(
                Totals.ofOrders(orders), Totals.ofInvoices(invoices), missing, doubled, unknown, wrong);
    }

    /** Whether the ledger has exactly one right invoice for every order of the file, and no other. */
    boolean exact() {
        return missing.isEmpty() && doubled.isEmpty() && unknown.isEmpty() && wrong.isEmpty();
    }
}
