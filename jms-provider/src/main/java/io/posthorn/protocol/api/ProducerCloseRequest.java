package io.posthorn.protocol.api;

/** The session has ended in order: its dedup row and transaction outcome can go (code PRODUCER_CLOSE, one-way). */
public record ProducerCloseRequest(long producerId) {}
