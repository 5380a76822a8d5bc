package io.posthorn.jms.message;

import jakarta.jms.MessageFormatException;

/** Builds MessageFormatExceptions that have a cause. */
final class FormatErrors {

    private FormatErrors() {}

    /** With the cause as linked exception too; the constructors of jakarta.jms set only one of the two. */
    static MessageFormatException of(String reason, Exception cause) {
        MessageFormatException error = new MessageFormatException(reason);
        error.setLinkedException(cause);
        error.initCause(cause);
        return error;
    }

    /** For bytes from another client that are not what they claim to be. */
    static MessageFormatException damaged(Exception cause) {
        return of("the body is damaged: " + cause.getMessage(), cause);
    }
}
