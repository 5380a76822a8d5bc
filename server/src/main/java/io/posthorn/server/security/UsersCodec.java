package io.posthorn.server.security;

import io.posthorn.scram.ScramKeys;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A users file, version 1: UTF-8 text, lines ended by LF, fields separated by one TAB, byte strings in Base64. Users are sorted by name when
 * it is written; any order is read.
 *
 * <pre>
 * posthorn-users ⇥ 1 ⇥ secret                              32 random bytes: what answers to unknown names are made of
 * name ⇥ salt ⇥ iterations ⇥ storedKey ⇥ serverKey         one line per user, see ScramVerifier; the name as SASLprep leaves it
 * </pre>
 *
 * <p>There are neither comments nor empty lines. A user's line may be copied from one file to another.
 */
final class UsersCodec {

    /** Most users of one file. */
    static final int USERS_MAX = 100_000;

    private static final String MAGIC = "posthorn-users";
    private static final String VERSION = "1";

    private UsersCodec() {}

    static byte[] encode(UserTable users) {
        Base64.Encoder base64 = Base64.getEncoder();
        StringBuilder text = new StringBuilder();
        text.append(MAGIC).append('\t').append(VERSION).append('\t');
        text.append(base64.encodeToString(users.decoySecret())).append('\n');
        for (String name : users.names()) {
            ScramVerifier user = users.verifier(name);
            text.append(name).append('\t').append(base64.encodeToString(user.salt()));
            text.append('\t').append(user.iterations());
            text.append('\t').append(base64.encodeToString(user.storedKey()));
            text.append('\t').append(base64.encodeToString(user.serverKey())).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param file for the error texts
     * @throws UsersFileException with the line that is malformed
     */
    static UserTable decode(byte[] bytes, Path file) throws UsersFileException {
        String[] lines = lines(bytes, file);
        byte[] secret = header(lines[0].split("\t", -1), file);
        SortedMap<String, ScramVerifier> users = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] fields = lines[i].split("\t", -1);
            try {
                ScramVerifier verifier = user(fields);
                if (users.put(fields[0], verifier) != null) {
                    throw new IllegalArgumentException("a second user \"" + fields[0] + "\"");
                }
            } catch (IllegalArgumentException malformed) {
                throw new UsersFileException(file, i + 1, malformed.getMessage());
            }
        }
        return UserTable.of(secret, users);
    }

    private static String[] lines(byte[] bytes, Path file) throws UsersFileException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new UsersFileException(file, "is not UTF-8 text");
        }
        String[] lines = (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1);
        if (lines.length - 1 > USERS_MAX) {
            throw new UsersFileException(file, (lines.length - 1) + " users, the limit is " + USERS_MAX);
        }
        return lines;
    }

    private static byte[] header(String[] fields, Path file) throws UsersFileException {
        if (!fields[0].equals(MAGIC) || fields.length < 2) {
            throw new UsersFileException(file, 1, "is no users file: it does not begin with \"" + MAGIC + "\"");
        }
        if (!fields[1].equals(VERSION)) {
            throw new UsersFileException(file, 1, "users format " + fields[1] + ", this release reads " + VERSION);
        }
        try {
            requireFields(fields, 3);
            return UserTable.empty(base64("secret", fields[2])).decoySecret();
        } catch (IllegalArgumentException malformed) {
            throw new UsersFileException(file, 1, malformed.getMessage());
        }
    }

    private static ScramVerifier user(String[] fields) {
        requireFields(fields, 5);
        if (!UserTable.requireName(fields[0]).equals(fields[0])) {
            throw new IllegalArgumentException("the user name is not as SASLprep leaves it");
        }
        return new ScramVerifier(
                base64("salt", fields[1]),
                iterations(fields[2]),
                base64("stored key", fields[3]),
                base64("server key", fields[4]));
    }

    private static void requireFields(String[] fields, int count) {
        if (fields.length != count) {
            throw new IllegalArgumentException(fields.length + " fields separated by tabs, " + count + " are needed");
        }
    }

    private static int iterations(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(
                    "the iterations are not a number from " + ScramKeys.ITERATIONS_MIN + " to "
                            + ScramKeys.ITERATIONS_MAX,
                    noNumber);
        }
    }

    private static byte[] base64(String what, String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            // The decoder does not mind when the end is missing.
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException malformed) {
            // Reported below.
        }
        throw new IllegalArgumentException("the " + what + " is no Base64");
    }
}
