package io.posthorn.samples;

/** The server process did not start, ended by itself, or did not end as it should; the text shows its last output. */
final class ServerFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ServerFailedException(String message) {
        super(message);
    }

    ServerFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
