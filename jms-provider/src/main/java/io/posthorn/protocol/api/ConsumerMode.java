package io.posthorn.protocol.api;

import io.posthorn.protocol.ProtocolException;

/** What a consumer reads from; the ordinal is the wire code. */
public enum ConsumerMode {
    /** The messages of a queue. */
    QUEUE,
    /** An own, unnamed, non-durable subscription on a topic. */
    TOPIC,
    /** An unshared durable subscription, keyed by client id and name. */
    DURABLE,
    /** A shared non-durable subscription. */
    SHARED,
    /** A shared durable subscription. */
    SHARED_DURABLE,
    /** A look at a queue's messages that takes nothing. */
    BROWSE;

    private static final ConsumerMode[] BY_CODE = values();

    /** @throws ProtocolException if no constant has this code */
    static ConsumerMode ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new ProtocolException("unknown consumer mode " + code);
        }
        return BY_CODE[code];
    }
}
