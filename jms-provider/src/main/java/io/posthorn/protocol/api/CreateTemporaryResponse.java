package io.posthorn.protocol.api;

/** Answer to {@link CreateTemporaryRequest}: the new destination's name, which carries the brokerName. */
public record CreateTemporaryResponse(String name) {}
