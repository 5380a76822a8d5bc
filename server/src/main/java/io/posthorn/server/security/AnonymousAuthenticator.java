package io.posthorn.server.security;

/**
 * Admits clients that give no credentials, and refuses any that do: there are no users whose password could be right.
 * ANONYMOUS is RFC 4505.
 */
public final class AnonymousAuthenticator implements Authenticator {

    private static final String USER = "anonymous";

    @Override
    public Exchange begin(String mechanism) throws AuthenticationException {
        if (!mechanism.equals("ANONYMOUS")) {
            throw new AuthenticationException(
                    "user name or password is wrong (this broker has no users; connect without credentials)");
        }
        return new Exchange() {
            private boolean done;

            @Override
            public byte[] step(byte[] clientMessage) {
                done = true;
                return new byte[0];
            }

            @Override
            public boolean done() {
                return done;
            }

            @Override
            public String user() {
                return USER;
            }
        };
    }
}
