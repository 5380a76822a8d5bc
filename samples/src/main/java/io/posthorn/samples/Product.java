package io.posthorn.samples;

/**
 * What was ordered, at the price of that day.
 *
 * @param stockNumber the number in the catalogue
 * @param name the name in the catalogue
 * @param unitPriceCents the price of one piece in euro cents, at least 0
 */
record Product(String stockNumber, String name, long unitPriceCents) {}
