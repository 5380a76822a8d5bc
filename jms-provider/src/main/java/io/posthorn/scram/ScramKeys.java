package io.posthorn.scram;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of SCRAM-SHA-256 (RFC 5802, section 3; RFC 7677) and what is computed with them. Immutable; any thread. The arrays are not
 * copied: whoever gets one leaves it as it is.
 *
 * @param clientKey proves the user; never stored and never sent
 * @param storedKey hash of the client key, which a proof is checked against
 * @param serverKey with which the broker signs
 */
public record ScramKeys(byte[] clientKey, byte[] storedKey, byte[] serverKey) {

    /** SASL name of the mechanism. */
    public static final String MECHANISM = "SCRAM-SHA-256";

    /** RFC 7677, section 4: the least that is acceptable. */
    public static final int ITERATIONS_MIN = 4_096;

    /** What a client puts up with: about half a second of its time. */
    public static final int ITERATIONS_MAX = 1_000_000;

    /** Length of every key, proof and signature. */
    public static final int KEY_BYTES = 32;

    private static final String HMAC = "HmacSHA256";

    /**
     * Derives the keys of a password; takes about half a millisecond for a thousand iterations.
     *
     * @param password   as {@link SaslPrep} prepares it; may be empty
     * @param salt       not empty
     * @param iterations positive
     * @throws IllegalStateException if this Java lacks the algorithms
     */
    public static ScramKeys derive(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BYTES * Byte.SIZE);
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            byte[] clientKey = hmac(salted, "Client Key");
            return new ScramKeys(clientKey, sha256(clientKey), hmac(salted, "Server Key"));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("SCRAM-SHA-256 cannot be computed: " + missing.getMessage(), missing);
        } finally {
            spec.clearPassword();
        }
    }

    /** The client's proof for an exchange. */
    public byte[] proof(String authMessage) {
        return xor(clientKey, hmac(storedKey, authMessage));
    }

    /** The broker's signature for an exchange, as the client expects it. */
    public byte[] serverSignature(String authMessage) {
        return signature(serverKey, authMessage);
    }

    /** HMAC of an exchange with a key. */
    public static byte[] signature(byte[] key, String authMessage) {
        return hmac(key, authMessage);
    }

    /**
     * Whether a proof fits a stored key; the time it takes does not depend on where it differs.
     *
     * @param proof any length
     */
    public static boolean isProven(byte[] proof, byte[] storedKey, String authMessage) {
        byte[] signature = hmac(storedKey, authMessage);
        return proof.length == signature.length && MessageDigest.isEqual(sha256(xor(proof, signature)), storedKey);
    }

    private static byte[] xor(byte[] a, byte[] b) {
        byte[] result = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (byte) (a[i] ^ b[i]);
        }
        return result;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java has " + HMAC, missing);
        }
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "ScramKeys[hidden]";
    }
}
