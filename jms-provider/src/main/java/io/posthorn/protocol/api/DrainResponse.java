package io.posthorn.protocol.api;

/**
 * Answer to {@link DrainRequest}.
 *
 * @param lastDeliveryId last delivery id used; credit beyond it is void
 * @param endOfBrowse for a BROWSE consumer, whether everything has been shown
 */
public record DrainResponse(long lastDeliveryId, boolean endOfBrowse) {}
