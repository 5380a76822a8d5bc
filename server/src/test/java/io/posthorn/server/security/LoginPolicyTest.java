package io.posthorn.server.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LoginPolicyTest {

    private final UserTable users = UserTable.empty(new byte[32]);

    @Test
    void withoutUsersOnlyStrangersAreAdmitted() throws AuthenticationException {
        LoginPolicy policy = new LoginPolicy(null, true);
        Authenticator.Exchange exchange = policy.begin("ANONYMOUS");
        exchange.step(new byte[0]);
        assertTrue(exchange.done());
        assertEquals("", exchange.user());
        assertRefused(policy, "SCRAM-SHA-256", "user name or password is wrong");
        assertRefused(policy, "PLAIN", "this broker offers ANONYMOUS");
    }

    @Test
    void withUsersStrangersMayBeAdmittedAsWell() throws AuthenticationException {
        LoginPolicy policy = new LoginPolicy(() -> users, true);
        policy.begin("ANONYMOUS");
        policy.begin("SCRAM-SHA-256");
        assertRefused(policy, "SCRAM-SHA-1", "this broker offers SCRAM-SHA-256, ANONYMOUS");
    }

    @Test
    void strangersAreRefusedWhenALoginIsRequired() {
        LoginPolicy policy = new LoginPolicy(() -> users, false);
        assertRefused(policy, "ANONYMOUS", "requires a user name and a password");
        assertRefused(policy, "anonymous", "this broker offers SCRAM-SHA-256");
    }

    private static void assertRefused(LoginPolicy policy, String mechanism, String text) {
        AuthenticationException refused = assertThrows(AuthenticationException.class, () -> policy.begin(mechanism));
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
    }
}
