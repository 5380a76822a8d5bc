package io.posthorn.samples;

import java.time.LocalDate;

/** Small orders and their invoices for the tests. */
final class Sample {
    private Sample() {}

    static Order order(int number, String country, int quantity, long unitPriceCents) {
        return new Order(
                "SO-" + number,
                LocalDate.of(2026, 3, 4),
                new Customer("C" + number, "Customer " + number, "City", country),
                new Product("SKU", "Product", unitPriceCents),
                quantity);
    }

    static Invoice invoice(Order order) {
        return new Invoice(order.id(), order.customer().country(), order.amountCents());
    }
}
