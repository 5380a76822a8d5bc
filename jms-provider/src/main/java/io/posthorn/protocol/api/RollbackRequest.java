package io.posthorn.protocol.api;

import java.util.List;

/**
 * Rolls a local transaction back (code ROLLBACK): drops what was staged and releases the deliveries.
 *
 * @param released deliveries consumed in the transaction
 */
public record RollbackRequest(long producerId, long txSequence, List<DeliveryRange> released) {}
