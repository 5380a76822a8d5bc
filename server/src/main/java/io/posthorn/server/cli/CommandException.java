package io.posthorn.server.cli;

/** A command cannot do what it was asked to. The text, one line, is what the operator reads. */
final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
