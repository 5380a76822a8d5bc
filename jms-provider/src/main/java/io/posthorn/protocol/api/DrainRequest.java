package io.posthorn.protocol.api;

/**
 * Asks the broker to deliver what it can within the credit, and then to take the rest of the credit back (code DRAIN). The
 * answer follows the deliveries, so a client that got none knows that there was none.
 *
 * @param limit credit limit that holds for this drain, see {@link CreditRequest}
 */
public record DrainRequest(int consumerId, long limit) {}
