package io.posthorn.protocol;

/** Bytes from a peer that are no valid frame, header or body. The text says what is wrong; the connection is closed. */
public class ProtocolException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ProtocolException(String reason) {
        super(reason);
    }
}
