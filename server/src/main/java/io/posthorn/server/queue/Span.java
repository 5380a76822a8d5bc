package io.posthorn.server.queue;

/** Deliveries {@code from} to {@code to} of one consumer of the calling client, both included. */
public record Span(int consumerId, long from, long to) {}
