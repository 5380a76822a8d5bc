package io.posthorn.samples;

/**
 * Who ordered.
 *
 * @param number the customer's number in the books, such as {@code C4001}
 * @param name the name on the invoice
 * @param city the city the goods go to
 * @param country two letters of ISO 3166
 */
record Customer(String number, String name, String city, String country) {}
