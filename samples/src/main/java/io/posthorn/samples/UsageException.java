package io.posthorn.samples;

/** The command line is not understood; the text says which part of it and what is known. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
