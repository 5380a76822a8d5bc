package io.posthorn.server.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.scram.ScramKeys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of RFC 7677, section 3, and what is tampered with in it. */
class ScramExchangeTest {

    private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static final String FIRST = "n,,n=user,r=" + CLIENT_NONCE;
    private static final String CHALLENGE = "r=" + CLIENT_NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String WITHOUT_PROOF = "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE;
    private static final String FINAL = WITHOUT_PROOF + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private final UserTable users =
            UserTable.empty(new byte[32]).with("user", verifier("pencil")).with("a=b,c", verifier("odd"));
    private final ScramExchange exchange = new ScramExchange(users, SERVER_NONCE);

    @Test
    void theExchangeOfRfc7677() throws AuthenticationException {
        assertEquals(CHALLENGE, step(FIRST));
        assertFalse(exchange.done());
        assertEquals("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", step(FINAL));
        assertTrue(exchange.done());
        assertEquals("user", exchange.user());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "n,,",
                "n,,n=user",
                "n,,n=,r=abc",
                "n,,n=user,r=",
                "n,,n=user,r=a\u0001c",
                "n,,n=user,x=abc",
                "n,,n=us=er,r=abc",
                "n,,n=us=2cer,r=abc",
                "n,,m=ext,n=user,r=abc",
                "n,a=admin,n=user,r=abc",
                "p=tls-unique,,n=user,r=abc",
                "x,,n=user,r=abc"
            })
    void firstMessagesThatCannotBeRightAreRefused(String first) {
        assertRefused(first, "malformed SCRAM message");
        assertRefused(FIRST, "no message is expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c=biws",
                WITHOUT_PROOF,
                WITHOUT_PROOF + ",p=*",
                "c=eSws,r=" + CLIENT_NONCE + SERVER_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=" + CLIENT_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "r=" + CLIENT_NONCE + SERVER_NONCE + ",c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
            })
    void finalMessagesThatCannotBeRightAreRefused(String last) throws AuthenticationException {
        step(FIRST);
        assertRefused(last, "malformed SCRAM message");
        assertRefused(FINAL, "no message is expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                WITHOUT_PROOF + ",p=AAAAZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                WITHOUT_PROOF + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndQ==",
                WITHOUT_PROOF + ",p=",
                WITHOUT_PROOF + ",x=1,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
            })
    void wrongProofsAreRefused(String last) throws AuthenticationException {
        step(FIRST);
        assertRefused(last, "user name or password is wrong");
        assertFalse(exchange.done());
    }

    @Test
    void aChallengeThatTheClientHasNotSeenAsItWasIsRefused() throws AuthenticationException {
        step(FIRST + ",extension=ignored");
        assertRefused(FINAL, "user name or password is wrong");
    }

    @Test
    void clientsThatKnowOfChannelBindingAreWelcome() throws AuthenticationException {
        String bare = "n=user,r=" + CLIENT_NONCE;
        String withoutProof = "c=eSws,r=" + CLIENT_NONCE + SERVER_NONCE;
        String challenge = step("y,," + bare);
        step(withoutProof + ",p=" + proof("pencil", bare + "," + challenge + "," + withoutProof));
        assertTrue(exchange.done());
    }

    @Test
    void namesAreUnescapedAndPrepared() throws AuthenticationException {
        String bare = "n=a=3Db=2C\u00adc,r=" + CLIENT_NONCE;
        String challenge = step("n,," + bare);
        step(WITHOUT_PROOF + ",p=" + proof("odd", bare + "," + challenge + "," + WITHOUT_PROOF));
        assertEquals("a=b,c", exchange.user());
    }

    @Test
    void anUnknownUserLooksLikeAnyOther() throws AuthenticationException {
        String first = "n,,n=nobody,r=" + CLIENT_NONCE;
        String challenge = step(first);
        assertTrue(challenge.matches("r=[^,]+,s=[A-Za-z0-9+/]{22}==,i=4096"), challenge);
        assertEquals(challenge, step(new ScramExchange(users, SERVER_NONCE), first));
        assertNotEquals(challenge, step(new ScramExchange(users, SERVER_NONCE), "n,,n=noone,r=" + CLIENT_NONCE));
        assertRefused(FINAL, "user name or password is wrong");
    }

    /** Whoever had the decoy's keys could prove them, and is not a user all the same. */
    @Test
    void aNameThatCannotBeAUsersIsRefusedAtTheEnd() throws AuthenticationException {
        step("n,,n=x\u202ey,r=" + CLIENT_NONCE);
        assertRefused(FINAL, "user name or password is wrong");
        String tooLong = "n".repeat(UserTable.NAME_MAX_BYTES + 1);
        ScramExchange other = new ScramExchange(users, SERVER_NONCE);
        step(other, "n,,n=" + tooLong + ",r=" + CLIENT_NONCE);
        assertEquals(tooLong, other.user());
    }

    @Test
    void longOrMalformedMessagesAreRefused() {
        assertRefused("n,,n=" + "u".repeat(ScramExchange.MESSAGE_MAX_BYTES) + ",r=abc", "the limit is 2048");
        ScramExchange other = new ScramExchange(users, SERVER_NONCE);
        assertThrows(AuthenticationException.class, () -> other.step(new byte[] {'n', ',', ',', (byte) 0xff}));
        ScramExchange longNonce = new ScramExchange(users, SERVER_NONCE);
        assertThrows(AuthenticationException.class, () -> step(longNonce, "n,,n=user,r=" + "r".repeat(257)));
    }

    @Test
    void damagedMessagesAreRefusedInOrder() {
        long seed = Long.getLong("posthorn.seed", 7677);
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 20_000; run++) {
            ScramExchange damaged = new ScramExchange(users, SERVER_NONCE);
            byte[] first = FIRST.getBytes(StandardCharsets.UTF_8);
            byte[] last = FINAL.getBytes(StandardCharsets.UTF_8);
            byte[] victim = random.nextBoolean() ? first : last;
            int at = random.nextInt(victim.length);
            byte flipped = (byte) (victim[at] ^ 1 << random.nextInt(8));
            victim[at] = flipped;
            try {
                damaged.step(first);
                damaged.step(last);
            } catch (AuthenticationException refused) {
                assertFalse(damaged.done());
                continue;
            }
            assertTrue(
                    victim == last && at >= FINAL.length() - 3,
                    "-Dposthorn.seed=" + seed + ", run " + run + ": admitted "
                            + new String(victim, StandardCharsets.UTF_8));
        }
    }

    private static ScramVerifier verifier(String password) {
        ScramKeys keys = ScramKeys.derive(password, SALT, 4_096);
        return new ScramVerifier(SALT, 4_096, keys.storedKey(), keys.serverKey());
    }

    private static String proof(String password, String authMessage) {
        return Base64.getEncoder()
                .encodeToString(ScramKeys.derive(password, SALT, 4_096).proof(authMessage));
    }

    private String step(String message) throws AuthenticationException {
        return step(exchange, message);
    }

    private static String step(ScramExchange exchange, String message) throws AuthenticationException {
        return new String(exchange.step(message.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private void assertRefused(String message, String text) {
        AuthenticationException refused = assertThrows(AuthenticationException.class, () -> step(message));
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
        assertFalse(exchange.done());
    }

    @Test
    void secretsAreNotPrinted() {
        String stored = Arrays.toString(users.verifier("user").storedKey());
        assertFalse(users.verifier("user").toString().contains(stored));
        assertEquals("ScramVerifier[4096 iterations]", users.verifier("user").toString());
        assertEquals("UserTable[2 users]", users.toString());
    }
}
