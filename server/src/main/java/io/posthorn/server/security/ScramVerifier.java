package io.posthorn.server.security;

import io.posthorn.scram.SaslPrep;
import io.posthorn.scram.SaslPrepException;
import io.posthorn.scram.ScramKeys;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * What the server keeps of a password (RFC 5802, section 3): enough to check a login, not enough to log in. Immutable; the arrays are not
 * copied, and whoever gets one leaves it as it is.
 *
 * @param salt       {@value #SALT_MIN_BYTES} to {@value #SALT_MAX_BYTES} bytes
 * @param iterations {@value ScramKeys#ITERATIONS_MIN} to {@value ScramKeys#ITERATIONS_MAX}
 * @param storedKey  {@value ScramKeys#KEY_BYTES} bytes
 * @param serverKey  {@value ScramKeys#KEY_BYTES} bytes
 */
public record ScramVerifier(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {

    /**
     * Eight times what RFC 7677 asks for at least. A client pays for it at every login, with some 20 ms of its processor; JMS programs that
     * open a connection for each message should notice little of it.
     */
    public static final int ITERATIONS_DEFAULT = 32_768;

    /** Longest password in characters. */
    public static final int PASSWORD_MAX_CHARS = 1_024;

    static final int SALT_BYTES = 16;
    static final int SALT_MIN_BYTES = 8;
    static final int SALT_MAX_BYTES = 64;

    /** @throws IllegalArgumentException naming what is out of bounds */
    public ScramVerifier {
        if (salt.length < SALT_MIN_BYTES || salt.length > SALT_MAX_BYTES) {
            throw new IllegalArgumentException("the salt has " + salt.length + " bytes, " + SALT_MIN_BYTES + " to "
                    + SALT_MAX_BYTES + " are allowed");
        }
        if (iterations < ScramKeys.ITERATIONS_MIN || iterations > ScramKeys.ITERATIONS_MAX) {
            throw new IllegalArgumentException(iterations + " iterations, " + ScramKeys.ITERATIONS_MIN + " to "
                    + ScramKeys.ITERATIONS_MAX + " are allowed");
        }
        requireKey("stored key", storedKey);
        requireKey("server key", serverKey);
    }

    private static void requireKey(String what, byte[] key) {
        if (key.length != ScramKeys.KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the " + what + " has " + key.length + " bytes, " + ScramKeys.KEY_BYTES + " are needed");
        }
    }

    /**
     * The verifier of a new password, with a fresh salt.
     *
     * @throws IllegalArgumentException if the password is empty, too long or has forbidden characters, or the iterations are out of bounds
     */
    public static ScramVerifier create(String password, int iterations, SecureRandom random) {
        String prepared = preparedPassword(password);
        if (prepared.isEmpty()) {
            throw new IllegalArgumentException("the password is empty");
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        ScramKeys keys = ScramKeys.derive(prepared, salt, iterations);
        return new ScramVerifier(salt, iterations, keys.storedKey(), keys.serverKey());
    }

    /** Whether it was made of this password. */
    public boolean fits(String password) {
        try {
            ScramKeys keys = ScramKeys.derive(preparedPassword(password), salt, iterations);
            return MessageDigest.isEqual(keys.storedKey(), storedKey);
        } catch (IllegalArgumentException impossible) {
            return false;
        }
    }

    private static String preparedPassword(String password) {
        if (password.length() > PASSWORD_MAX_CHARS) {
            throw new IllegalArgumentException("the password is longer than " + PASSWORD_MAX_CHARS + " characters");
        }
        try {
            return SaslPrep.prepare(password);
        } catch (SaslPrepException forbidden) {
            throw new IllegalArgumentException("the password " + forbidden.getMessage(), forbidden);
        }
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "ScramVerifier[" + iterations + " iterations]";
    }
}
