package io.posthorn.server.store;

/**
 * What one session has sent in a branch of a global transaction: staged under these numbers.
 *
 * @param clientId JMS client identifier of the sender, for subscriptions that take nothing of their own client; or null
 */
public record BranchPart(long producerId, long txSequence, String clientId) {}
