package io.posthorn.protocol.api;

import io.posthorn.message.EncodedMessage;

/**
 * Sends one message to the destination named in its head (code SEND). The empty answer comes when the message is as safe
 * as its delivery mode asks for; for a staged message, when the broker has accepted it into the transaction.
 *
 * @param producerId random id of the sending session
 * @param sequence   1, 2, 3… per producer for messages that must be stored once; 0 for messages that are never repeated
 * @param txSequence number of the session's local transaction this send belongs to, or 0 for none
 * @param message    not null
 */
public record SendRequest(long producerId, long sequence, long txSequence, EncodedMessage message) {}
