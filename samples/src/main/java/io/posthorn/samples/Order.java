package io.posthorn.samples;

import java.time.LocalDate;

/**
 * One line of the order file.
 *
 * @param id unique in the file
 * @param date the day of the order
 * @param customer who ordered
 * @param product what was ordered
 * @param quantity how many pieces, at least 1
 */
record Order(String id, LocalDate date, Customer customer, Product product, int quantity) {

    /** What the customer owes, in euro cents; {@link ArithmeticException} if that exceeds a {@code long}. */
    long amountCents() {
        return Math.multiplyExact(product.unitPriceCents(), (long) quantity);
    }
}
