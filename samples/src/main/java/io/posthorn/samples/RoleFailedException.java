package io.posthorn.samples;

/** A producer, worker or ledger has failed for good; the text names every cause down to the first. */
final class RoleFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    RoleFailedException(String role, Exception cause) {
        super("The " + role + " has failed: " + cause + causesOf(cause), cause);
    }

    private static String causesOf(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append("\n    caused by ").append(cause);
        }
        return text.toString();
    }
}
