package io.posthorn.samples;

import static io.posthorn.samples.Sample.invoice;
import static io.posthorn.samples.Sample.order;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The book and its comparison with the file, with every kind of fault planted. */
class LedgerTest {
    private final List<Order> orders = List.of(
            order(1, "DE", 3, 1_999), order(2, "AT", 1, 5), order(3, "DE", 10, 123_456), order(4, "FR", 2, 649));

    private List<Invoice> rightInvoices() {
        return new ArrayList<>(orders.stream().map(Sample::invoice).toList());
    }

    private Reconciliation reconcile(List<Invoice> invoices) {
        LedgerBook book = new LedgerBook();
        book.enter(invoices);
        return Reconciliation.of(orders, book.invoices());
    }

    @Test
    void oneRightInvoiceForEveryOrderIsExactInAnyOrder() {
        List<Invoice> invoices = rightInvoices();
        Collections.shuffle(invoices, new Random(7));
        Reconciliation result = reconcile(invoices);
        assertTrue(result.exact());
        assertEquals(List.of(), ReportText.faults(result));
        assertEquals(
                new Totals.Line(4, 3 * 1_999 + 5 + 1_234_560 + 1_298),
                result.booked().all());
        assertEquals(result.expected().all(), result.booked().all());
    }

    @Test
    void findsAPlantedDuplicate() {
        List<Invoice> invoices = rightInvoices();
        invoices.add(invoice(orders.get(2)));
        Reconciliation result = reconcile(invoices);
        assertFalse(result.exact());
        assertEquals(Map.of("SO-3", 2), result.doubled());
        assertEquals(List.of("1 doubled: more than one invoice for:", "    SO-3 (2 times)"), ReportText.faults(result));
        assertEquals(5, result.booked().all().count());
    }

    @Test
    void findsAPlantedGap() {
        List<Invoice> invoices = rightInvoices();
        invoices.remove(1);
        Reconciliation result = reconcile(invoices);
        assertFalse(result.exact());
        assertEquals(List.of("SO-2"), result.missing());
        assertEquals(List.of("1 missing: no invoice for:", "    SO-2"), ReportText.faults(result));
    }

    @Test
    void aGapAndADuplicateThatCancelOutInTheCountAreBothFound() {
        List<Invoice> invoices = rightInvoices();
        invoices.set(0, invoice(orders.get(3)));
        Reconciliation result = reconcile(invoices);
        assertEquals(4, result.booked().all().count());
        assertEquals(List.of("SO-1"), result.missing());
        assertEquals(Map.of("SO-4", 2), result.doubled());
    }

    @Test
    void findsInvoicesOfUnknownOrdersAndWrongAmounts() {
        List<Invoice> invoices = rightInvoices();
        invoices.add(new Invoice("SO-99", "DE", 1));
        invoices.set(0, new Invoice("SO-1", "DE", 1));
        Reconciliation result = reconcile(invoices);
        assertFalse(result.exact());
        assertEquals(Set.of("SO-99"), result.unknown());
        assertEquals(List.of(new Invoice("SO-1", "DE", 1)), result.wrong());
    }

    @Test
    void theBookCountsOrdersNotInvoices() {
        LedgerBook book = new LedgerBook();
        book.enter(List.of(invoice(orders.get(0)), invoice(orders.get(0)), invoice(orders.get(1))));
        assertEquals(2, book.orderCount());
        assertEquals(3, book.invoices().size());
    }

    @Test
    void theTableMarksTheRowsThatDiffer() {
        List<Invoice> invoices = rightInvoices();
        invoices.remove(1);
        assertEquals(
                List.of(
                        "country    orders         file EUR   invoices       ledger EUR",
                        "AT              1             0.05          0             0.00  <-- differs",
                        "DE              2        12,405.57          2        12,405.57",
                        "FR              1            12.98          1            12.98",
                        "total           4        12,418.60          3        12,418.55  <-- differs"),
                ReportText.table(reconcile(invoices)));
    }

    @Test
    void longListsOfFaultsAreCut() {
        List<Order> many = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            many.add(order(i, "DE", 1, 1));
        }
        List<String> faults = ReportText.faults(Reconciliation.of(many, List.of()));
        assertEquals("60 missing: no invoice for:", faults.get(0));
        assertEquals("    and 10 more", faults.get(faults.size() - 1));
        assertEquals(52, faults.size());
    }
}
