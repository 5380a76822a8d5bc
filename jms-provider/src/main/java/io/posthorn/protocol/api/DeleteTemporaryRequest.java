package io.posthorn.protocol.api;

import io.posthorn.message.DestinationName;

/** Deletes a temporary destination of this connection (code DELETE_TEMPORARY); DESTINATION_IN_USE while it has consumers. */
public record DeleteTemporaryRequest(DestinationName name) {}
