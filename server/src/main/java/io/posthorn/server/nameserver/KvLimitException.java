package io.posthorn.server.nameserver;

/** A text is too long for the KV configuration, or the configuration is full. The text is for operators. */
final class KvLimitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KvLimitException(String message) {
        super(message);
    }
}
