package io.posthorn.samples;

/** A producer, worker or ledger has failed for good; the cause says why. */
final class RoleFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    RoleFailedException(String role, Exception cause) {
        super("The " + role + " has failed: " + cause, cause);
    }
}
