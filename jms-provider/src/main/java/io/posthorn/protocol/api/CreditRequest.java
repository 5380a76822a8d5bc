package io.posthorn.protocol.api;

/**
 * Sets how far the broker may deliver (code CREDIT, one-way). Delivery ids count 1, 2, 3… per consumer, so the limit is
 * absolute and a lost or repeated credit does no harm; a limit at or below the last delivery stops the flow.
 *
 * @param limit highest delivery id the broker may use
 * @param windowMaxBytes the broker pauses while this many bytes are delivered and not handed over
 */
public record CreditRequest(int consumerId, long limit, int windowMaxBytes) {}
