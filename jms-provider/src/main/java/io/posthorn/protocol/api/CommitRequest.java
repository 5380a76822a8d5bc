package io.posthorn.protocol.api;

import java.util.List;

/**
 * Commits a local transaction (code COMMIT): what was staged under it becomes visible and the deliveries are settled, in one
 * record. Repeating a commit that succeeded answers success again.
 *
 * @param staged how many sends were staged under it; a mismatch answers TRANSACTION_ROLLED_BACK
 * @param acknowledged deliveries consumed in the transaction
 */
public record CommitRequest(long producerId, long txSequence, int staged, List<DeliveryRange> acknowledged) {}
