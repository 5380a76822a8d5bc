package io.posthorn.protocol.api;

import io.posthorn.protocol.ProtocolException;

/** What becomes of a delivery; the ordinal is the wire code. */
public enum Disposition {
    /** Consumed: it never comes again. */
    ACCEPT,
    /** Goes back to its place; its count stays as the hand-over marks left it. */
    RELEASE,
    /** The application cannot process it: it goes to the dead-letter destination. */
    REJECT;

    private static final Disposition[] BY_CODE = values();

    /** @throws ProtocolException if no constant has this code */
    static Disposition ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new ProtocolException("unknown disposition " + code);
        }
        return BY_CODE[code];
    }
}
