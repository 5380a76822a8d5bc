package io.posthorn.server.security;

/** Checks logins. Thread-safe; nothing in it blocks. */
public interface Authenticator {

    /**
     * Begins an exchange.
     *
     * @param mechanism SASL name the client has chosen
     * @throws AuthenticationException when the mechanism is not offered; the text says what is
     */
    Exchange begin(String mechanism) throws AuthenticationException;

    /**
     * Whether somebody who has logged in may stay: a user that exists no longer may not.
     *
     * @param user as {@link Exchange#user} told it
     */
    boolean isAdmitted(String user);

    /** One login under way. One thread at a time. */
    interface Exchange {

        /**
         * Takes the client's message and returns the next challenge, or the final message when {@link #done}.
         *
         * @throws AuthenticationException when the login is refused, and for every further call
         */
        byte[] step(byte[] clientMessage) throws AuthenticationException;

        /** Whether the client has proved who it is. */
        boolean done();

        /** The name that the client claims, proved once {@link #done}; empty while it has claimed none, and for strangers. Not safe to print as it is. */
        String user();
    }
}
