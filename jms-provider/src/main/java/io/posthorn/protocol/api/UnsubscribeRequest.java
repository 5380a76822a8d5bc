package io.posthorn.protocol.api;

/**
 * Deletes a durable subscription of the connection's client id, or of none (code UNSUBSCRIBE). Empty answer, or
 * UNKNOWN_SUBSCRIPTION, or SUBSCRIPTION_IN_USE.
 */
public record UnsubscribeRequest(String name) {}
