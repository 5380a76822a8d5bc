package io.posthorn.server.security;

/** Checks logins. Thread-safe. */
public interface Authenticator {

    /**
     * Begins an exchange.
     *
     * @param mechanism SASL name the client has chosen
     * @throws AuthenticationException when the mechanism is not offered; the text says what is
     */
    Exchange begin(String mechanism) throws AuthenticationException;

    /** One login under way. One thread at a time. */
    interface Exchange {

        /**
         * Takes the client's message and returns the next challenge, or the final message when {@link #done}.
         *
         * @throws AuthenticationException when the login is refused
         */
        byte[] step(byte[] clientMessage) throws AuthenticationException;

        /** Whether the client has proved who it is. */
        boolean done();

        /** The user's name; meaningful once done. */
        String user();
    }
}
