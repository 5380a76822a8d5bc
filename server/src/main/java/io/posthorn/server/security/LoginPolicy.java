package io.posthorn.server.security;

import io.posthorn.scram.ScramKeys;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * Which mechanisms a broker offers: SCRAM-SHA-256 when it has users, ANONYMOUS when strangers are admitted. Credentials are never
 * ignored: a broker without users refuses them, because none can be right.
 */
public final class LoginPolicy implements Authenticator {

    private static final int NONCE_BYTES = 18;

    private final Supplier<UserTable> users;
    private final boolean allowAnonymous;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param users          the users at this moment; null when the broker has none
     * @param allowAnonymous whether clients without credentials are admitted
     */
    public LoginPolicy(Supplier<UserTable> users, boolean allowAnonymous) {
        this.users = users;
        this.allowAnonymous = allowAnonymous;
    }

    @Override
    public Exchange begin(String mechanism) throws AuthenticationException {
        switch (mechanism) {
            case AnonymousExchange.MECHANISM -> {
                if (!allowAnonymous) {
                    throw new AuthenticationException("this broker requires a user name and a password");
                }
                return new AnonymousExchange();
            }
            case ScramKeys.MECHANISM -> {
                if (users == null) {
                    throw new AuthenticationException(
                            "user name or password is wrong (this broker has no users; connect without credentials)");
                }
                return new ScramExchange(users.get(), nonce());
            }
            // Without the name, which is the peer's text.
            default ->
                throw new AuthenticationException("the mechanism is not offered; this broker offers " + offered());
        }
    }

    @Override
    public boolean isAdmitted(String user) {
        return user.isEmpty() ? allowAnonymous : users != null && users.get().contains(user);
    }

    private String offered() {
        if (users == null) {
            return AnonymousExchange.MECHANISM;
        }
        return ScramKeys.MECHANISM + (allowAnonymous ? ", " + AnonymousExchange.MECHANISM : "");
    }

    private String nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }
}
