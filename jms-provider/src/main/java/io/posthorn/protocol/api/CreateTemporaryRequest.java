package io.posthorn.protocol.api;

/** Creates a temporary queue or topic owned by the connection (code CREATE_TEMPORARY). */
public record CreateTemporaryRequest(boolean queue) {}
