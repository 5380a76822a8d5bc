package io.posthorn.protocol.api;

/**
 * Claims a JMS client identifier for this connection (code CLIENT_ID). Empty answer, or INVALID_CLIENT_ID.
 *
 * @param clientId not null, not empty
 */
public record ClientIdRequest(String clientId) {}
