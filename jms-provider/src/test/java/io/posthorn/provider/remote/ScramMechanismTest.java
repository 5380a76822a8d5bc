package io.posthorn.provider.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.posthorn.provider.ProviderException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramMechanismTest {

    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String CHALLENGE =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    private final ScramMechanism scram = new ScramMechanism("user", "pencil", NONCE);

    @Test
    void theExchangeOfRfc7677() {
        assertEquals("SCRAM-SHA-256", scram.name());
        assertEquals("n,,n=user,r=" + NONCE, text(scram.initialResponse()));
        assertEquals(
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                text(scram.answer(bytes(CHALLENGE))));
        scram.verify(bytes("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    @Test
    void aBrokerThatDoesNotKnowThePasswordIsRefused() {
        scram.answer(bytes(CHALLENGE));
        refused(() -> scram.verify(bytes("v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")));
        refused(() -> scram.verify(bytes("")));
        refused(() -> scram.verify(bytes(",")));
        refused(() -> scram.verify(bytes("v=")));
        refused(() -> scram.verify(bytes("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl9")));
        refused(() -> scram.verify(bytes("e=other-error")));
    }

    @Test
    void consentWithoutAnyProofIsRefused() {
        refused(() -> scram.verify(bytes("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "r=other,s=W22Z,i=4096",
                "r=rOprNGfwEbeRWgbNEkqO,s=W22Z,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4095",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=1000001",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=many",
                "r=rOprNGfwEbeRWgbNEkqOx,s=*,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,s=,i=4096",
                ",,,",
                "m=ext,r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4096"
            })
    void challengesThatCannotBeRightAreRefused(String challenge) {
        refused(() -> scram.answer(bytes(challenge)));
    }

    @Test
    void userNamesAreEscapedAndNormalised() {
        ScramMechanism odd = new ScramMechanism("a=b,c\u00a0\u2168", "x", "n");
        assertEquals("n,,n=a=3Db=2Cc IX,r=n", text(odd.initialResponse()));
    }

    @Test
    void namesAndPasswordsThatNoUserCanHaveAreRefused() {
        refused(() -> new ScramMechanism("a\u0007", "x", "n"));
        refused(() -> new ScramMechanism("a", "\ud800", "n"));
        refused(() -> new ScramMechanism("", "x", "n"));
        refused(() -> new ScramMechanism("\u00ad", "x", "n"));
    }

    @Test
    void anEmptyPasswordIsOneThatTheBrokerMayRefuse() {
        ScramMechanism empty = new ScramMechanism("user", null, NONCE);
        assertEquals(
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=",
                text(empty.answer(bytes(CHALLENGE))).replaceFirst("p=.*", "p="));
    }

    private static void refused(Runnable step) {
        ProviderException refusal = assertThrows(ProviderException.class, step::run);
        assertEquals(ProviderException.Kind.SECURITY, refusal.kind());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
