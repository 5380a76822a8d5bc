package io.posthorn.protocol.api;

import java.util.List;

/**
 * Settles deliveries outside a transaction (code ACKNOWLEDGE). ACCEPT and REJECT imply the hand-over mark. Empty answer,
 * once durable; ids that are settled already are ignored, unknown ones (given elsewhere after a loss) answer
 * DELIVERY_LOST after the others were settled.
 */
public record AcknowledgeRequest(Disposition disposition, List<DeliveryRange> ranges) {}
