package io.posthorn.server.store.lmdb;

import io.posthorn.message.EncodedMessage;

/**
 * A message as it lies in a row.
 *
 * @param receivedMs broker receipt, ms since 1970
 * @param position   physical offset
 */
public record StoredMessage(EncodedMessage message, long receivedMs, long position) {}
