package io.posthorn.server.queue;

/** Where a delivered message lies, as {@link HeartOutput#deliver} gave it. */
public record DeliveryRef(long lane, long offset) {}
