package io.posthorn.protocol.api;

/**
 * Closes a consumer (code CLOSE_CONSUMER). Deliveries that were not handed to the application go back unread. Those handed
 * over and not settled stay with the connection, for the session to settle, until {@code dropUnsettled}.
 *
 * @param handedOverTo highest delivery id handed to the application, 0 for none
 * @param keepUnsettled true when the session still owns handed-over deliveries (transacted, CLIENT_ACKNOWLEDGE); false
 *     gives everything back
 */
public record CloseConsumerRequest(int consumerId, long handedOverTo, boolean keepUnsettled) {}
