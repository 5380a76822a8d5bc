package io.posthorn.samples;

/** The order file is missing or one of its lines is not an order; the text names the file and the line. */
final class OrderFileException extends Exception {
    private static final long serialVersionUID = 1L;

    OrderFileException(String message) {
        super(message);
    }

    OrderFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
