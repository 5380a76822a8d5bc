package io.posthorn.server.security;

/** A login is refused. The text may be shown to the client, so it never says which half of the credentials was wrong. */
public final class AuthenticationException extends Exception {

    private static final long serialVersionUID = 1L;

    public AuthenticationException(String message) {
        super(message);
    }
}
