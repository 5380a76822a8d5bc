package io.posthorn.provider.remote;

import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.scram.SaslPrep;
import io.posthorn.scram.SaslPrepException;
import io.posthorn.scram.ScramKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677): the password never crosses the wire, and the broker proves
 * that it knows the user too.
 *
 * <pre>
 * →  n,,n=user,r=clientNonce
 * ←  r=clientNonce+serverNonce,s=salt,i=iterations
 * →  c=biws,r=nonce,p=proof
 * ←  v=signature
 * </pre>
 */
final class ScramMechanism implements Mechanism {

    private static final String GS2_HEADER = "n,,";

    private final String password;
    private final String nonce;
    private final String firstBare;
    private byte[] serverSignature;

    /**
     * @param user     not null
     * @param password null counts as empty
     * @param nonce    random printable ASCII without commas, never used before
     * @throws ProviderException of kind SECURITY if the name is empty or SASLprep forbids one of them, so that no broker can have such a user
     */
    ScramMechanism(String user, String password, String nonce) {
        this.password = password == null ? "" : prepared("the password", password);
        this.nonce = nonce;
        String name = prepared("the user name", user);
        if (name.isEmpty()) {
            throw new ProviderException(Kind.SECURITY, "the user name is empty");
        }
        this.firstBare = "n=" + name.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    @Override
    public String name() {
        return ScramKeys.MECHANISM;
    }

    @Override
    public byte[] initialResponse() {
        return utf8(GS2_HEADER + firstBare);
    }

    @Override
    public byte[] answer(byte[] challenge) {
        if (serverSignature != null) {
            throw refused("a second challenge");
        }
        String serverFirst = new String(challenge, StandardCharsets.UTF_8);
        String[] fields = serverFirst.split(",");
        if (fields.length < 3) {
            throw refused("a challenge with " + fields.length + " fields");
        }
        String serverNonce = value(fields[0], 'r');
        byte[] salt = base64(value(fields[1], 's'));
        int iterations = iterations(value(fields[2], 'i'));
        if (!serverNonce.startsWith(nonce) || serverNonce.length() == nonce.length()) {
            throw refused("a nonce that does not continue ours");
        }
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(utf8(GS2_HEADER)) + ",r=" + serverNonce;
        String authMessage = firstBare + "," + serverFirst + "," + withoutProof;
        ScramKeys keys = ScramKeys.derive(password, salt, iterations);
        serverSignature = keys.serverSignature(authMessage);
        return utf8(withoutProof + ",p=" + Base64.getEncoder().encodeToString(keys.proof(authMessage)));
    }

    @Override
    public void verify(byte[] finalMessage) {
        String text = new String(finalMessage, StandardCharsets.UTF_8);
        if (text.startsWith("e=")) {
            throw new ProviderException(Kind.SECURITY, "login refused: " + text.substring(2));
        }
        int comma = text.indexOf(',');
        String verifier = value(comma < 0 ? text : text.substring(0, comma), 'v');
        if (serverSignature == null || !MessageDigest.isEqual(serverSignature, base64(verifier))) {
            throw refused("a wrong signature: it does not know this user's password");
        }
    }

    private static int iterations(String text) {
        try {
            int iterations = Integer.parseInt(text);
            if (iterations >= ScramKeys.ITERATIONS_MIN && iterations <= ScramKeys.ITERATIONS_MAX) {
                return iterations;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, as any other count that is out of bounds.
        }
        throw refused("an iteration count of " + text);
    }

    private static String value(String field, char name) {
        if (field.length() < 3 || field.charAt(0) != name || field.charAt(1) != '=') {
            throw refused("a field that is not '" + name + "=' with a value");
        }
        return field.substring(2);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw refused("malformed base64");
        }
    }

    private static String prepared(String what, String text) {
        try {
            return SaslPrep.prepare(text);
        } catch (SaslPrepException forbidden) {
            throw new ProviderException(Kind.SECURITY, what + " " + forbidden.getMessage(), forbidden);
        }
    }

    private static ProviderException refused(String what) {
        return new ProviderException(Kind.SECURITY, "the broker's SCRAM message has " + what);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
