package io.posthorn.server.security;

import io.posthorn.scram.SaslPrep;
import io.posthorn.scram.SaslPrepException;
import io.posthorn.scram.ScramKeys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The users of a broker at one moment: name → verifier. Immutable.
 *
 * <p>A name that is no user gets a verifier all the same, always the same one, which no password fits. So a login exchange does not tell
 * strangers who is a user (RFC 5802, section 5.1, wants the exchange to go on). What it is made of is a secret that is kept with the users,
 * so that it outlives a restart.
 */
public final class UserTable {

    /** Longest user name in bytes of UTF-8. */
    public static final int NAME_MAX_BYTES = 255;

    static final int DECOY_SECRET_BYTES = 32;

    private final byte[] decoySecret;
    private final SortedMap<String, ScramVerifier> users;
    private final int decoyIterations;

    private UserTable(byte[] decoySecret, SortedMap<String, ScramVerifier> users) {
        this.decoySecret = decoySecret;
        this.users = Collections.unmodifiableSortedMap(users);
        this.decoyIterations = commonIterations(users);
    }

    /**
     * Without users.
     *
     * @param decoySecret {@value #DECOY_SECRET_BYTES} random bytes
     */
    public static UserTable empty(byte[] decoySecret) {
        if (decoySecret.length != DECOY_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the secret has " + decoySecret.length + " bytes, " + DECOY_SECRET_BYTES + " are needed");
        }
        return new UserTable(decoySecret.clone(), new TreeMap<>());
    }

    static UserTable of(byte[] decoySecret, SortedMap<String, ScramVerifier> users) {
        return new UserTable(decoySecret.clone(), new TreeMap<>(users));
    }

    /** With this user in place of an earlier one of that name, see {@link #requireName}. */
    public UserTable with(String name, ScramVerifier verifier) {
        TreeMap<String, ScramVerifier> changed = new TreeMap<>(users);
        changed.put(name, verifier);
        return new UserTable(decoySecret, changed);
    }

    public UserTable without(String name) {
        TreeMap<String, ScramVerifier> changed = new TreeMap<>(users);
        changed.remove(name);
        return new UserTable(decoySecret, changed);
    }

    /** All names, sorted. */
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(users.keySet()));
    }

    public int size() {
        return users.size();
    }

    public boolean contains(String name) {
        return users.containsKey(name);
    }

    /** The user's verifier; for a name that is no user, a decoy. Never null. */
    public ScramVerifier verifier(String name) {
        // Made in both cases, so that the time it takes does not tell.
        ScramVerifier decoy = decoy(name);
        return users.getOrDefault(name, decoy);
    }

    byte[] decoySecret() {
        return decoySecret.clone();
    }

    private ScramVerifier decoy(String name) {
        byte[] salt = Arrays.copyOf(ScramKeys.signature(decoySecret, "salt " + name), ScramVerifier.SALT_BYTES);
        byte[] storedKey = ScramKeys.signature(decoySecret, "stored key " + name);
        return new ScramVerifier(
                salt, decoyIterations, storedKey, ScramKeys.signature(decoySecret, "server key " + name));
    }

    /** What most users have, so that a decoy is one of the crowd; the higher one of equals. */
    private static int commonIterations(Map<String, ScramVerifier> users) {
        Map<Integer, Integer> counts = new HashMap<>();
        users.values().forEach(verifier -> counts.merge(verifier.iterations(), 1, Integer::sum));
        int best = ScramVerifier.ITERATIONS_DEFAULT;
        int bestCount = 0;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            int count = entry.getValue();
            if (count > bestCount || count == bestCount && entry.getKey() > best) {
                best = entry.getKey();
                bestCount = count;
            }
        }
        return best;
    }

    /**
     * The form of a name under which its user is kept (SASLprep).
     *
     * @throws IllegalArgumentException if no user can be called so; the text says why
     */
    public static String requireName(String name) {
        String prepared;
        try {
            prepared = SaslPrep.prepare(name);
        } catch (SaslPrepException forbidden) {
            throw new IllegalArgumentException("the user name " + forbidden.getMessage(), forbidden);
        }
        if (prepared.isBlank()) {
            throw new IllegalArgumentException("the user name is empty");
        }
        int bytes = prepared.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > NAME_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the user name has " + bytes + " bytes, " + NAME_MAX_BYTES + " are allowed");
        }
        return prepared;
    }

    /** Without the names. */
    @Override
    public String toString() {
        return "UserTable[" + users.size() + " users]";
    }
}
