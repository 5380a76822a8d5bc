package io.posthorn.provider;

/** Deliveries {@code from} to {@code to} of one consumer, both included. */
public record DeliverySpan(ConsumerHandle consumer, long from, long to) {}
