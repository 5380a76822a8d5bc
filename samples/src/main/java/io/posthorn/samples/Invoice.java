package io.posthorn.samples;

/**
 * What the ledger adds up: one invoice for one order.
 *
 * @param orderId the order it is for
 * @param country two letters of ISO 3166
 * @param amountCents the amount in euro cents
 */
record Invoice(String orderId, String country, long amountCents) {}
