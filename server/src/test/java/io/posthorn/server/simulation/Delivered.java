package io.posthorn.server.simulation;

import io.posthorn.message.EncodedMessage;

/**
 * A message that a broker gives to a consumer.
 *
 * @param count how often it was handed over before
 * @param offset negative for one that is not journalled
 */
record Delivered(Mouth to, Sent sent, long id, int count, long lane, long offset, EncodedMessage message) {

    boolean isJournalled() {
        return offset >= 0;
    }

    String what() {
        return sent.at(to.place());
    }
}
