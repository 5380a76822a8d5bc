package io.posthorn.protocol.api;

/**
 * Where a delivered message lies: lane and offset. It stays valid over a restart of the broker, which delivery ids do not.
 *
 * @param lane   packed lane id, as the broker gave it
 * @param offset offset in the lane; negative for a non-persistent message, which no restart survives
 */
public record MessageRef(long lane, long offset) {}
