package io.posthorn.server.store;

import io.posthorn.message.EncodedMessage;

/**
 * What a {@link ReadRequest} found.
 *
 * @param messages same order and length as the offsets; null where nothing is stored any more, or where the stored bytes are
 *     damaged (then the store has logged and counted it)
 * @param receivedMs broker receipt time per message, 0 where null
 */
public record ReadResult(ReadRequest request, EncodedMessage[] messages, long[] receivedMs) {}
