package io.posthorn.protocol.api;

/** Deliveries {@code from} to {@code to} of a consumer, both included. */
public record DeliveryRange(int consumerId, long from, long to) {}
