package io.posthorn.provider.remote;

import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

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

    static final String NAME = "SCRAM-SHA-256";

    /** RFC 7677, section 4, as the least; the most keeps a hostile peer from burning our time. */
    static final int ITERATIONS_MIN = 4_096;

    static final int ITERATIONS_MAX = 1_000_000;

    private static final String GS2_HEADER = "n,,";
    private static final int HASH_BITS = 256;

    private final String password;
    private final String nonce;
    private final String firstBare;
    private byte[] serverSignature;

    /**
     * @param user     not null
     * @param password null counts as empty
     * @param nonce    random printable ASCII without commas, never used before
     */
    ScramMechanism(String user, String password, String nonce) {
        this.password = password == null ? "" : prepared(password);
        this.nonce = nonce;
        this.firstBare = "n=" + prepared(user).replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    @Override
    public String name() {
        return NAME;
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
        return utf8(withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof(salt, iterations, authMessage)));
    }

    @Override
    public void verify(byte[] finalMessage) {
        String text = new String(finalMessage, StandardCharsets.UTF_8);
        if (text.startsWith("e=")) {
            throw new ProviderException(Kind.SECURITY, "login refused: " + text.substring(2));
        }
        if (serverSignature == null
                || !MessageDigest.isEqual(serverSignature, base64(value(text.split(",")[0], 'v')))) {
            throw refused("a wrong signature: it does not know this user's password");
        }
    }

    private byte[] proof(byte[] salt, int iterations, String authMessage) {
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS))
                    .getEncoded();
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
            byte[] proof = hmac(storedKey, authMessage);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= clientKey[i];
            }
            serverSignature = hmac(hmac(salted, "Server Key"), authMessage);
            return proof;
        } catch (GeneralSecurityException unusable) {
            throw new ProviderException(Kind.SECURITY, "SCRAM cannot be computed: " + unusable.getMessage(), unusable);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(utf8(text));
    }

    private static int iterations(String text) {
        try {
            int iterations = Integer.parseInt(text);
            if (iterations >= ITERATIONS_MIN && iterations <= ITERATIONS_MAX) {
                return iterations;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, as any other count that is out of bounds.
        }
        throw refused("an iteration count of " + text);
    }

    private static String value(String field, char name) {
        if (field.length() < 2 || field.charAt(0) != name || field.charAt(1) != '=') {
            throw refused("a field that is not '" + name + "='");
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

    /** The part of SASLprep (RFC 4013) that changes text which people type: compatibility forms and odd spaces. */
    private static String prepared(String text) {
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> mapped.appendCodePoint(Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c));
        return Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    }

    private static ProviderException refused(String what) {
        return new ProviderException(Kind.SECURITY, "the broker's SCRAM message has " + what);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
