package io.posthorn.server.security;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Version 1 is frozen in {@code users-v1/users}: "user" with the values of RFC 7677, and "jürgen" with the password "geheim". */
class UsersCodecTest {

    private static final Path FILE = Path.of("users");

    @Test
    void theFrozenFileIsReadAndWrittenAgain() throws Exception {
        byte[] frozen = frozen();
        UserTable users = UsersCodec.decode(frozen, FILE);
        assertEquals(List.of("jürgen", "user"), List.copyOf(users.names()));
        assertTrue(users.verifier("user").fits("pencil"));
        assertFalse(users.verifier("user").fits("Pencil"));
        assertFalse(users.verifier("user").fits(""));
        assertEquals(4_096, users.verifier("user").iterations());
        assertTrue(users.verifier("jürgen").fits("geheim"));
        assertArrayEquals(frozen, UsersCodec.encode(users));
    }

    @Test
    void theLastLineMayLackItsEnd() throws Exception {
        String text = new String(frozen(), StandardCharsets.UTF_8);
        assertEquals(2, decode(text.substring(0, text.length() - 1)).size());
    }

    @Test
    void aDecoyIsTheSameAfterARestart() throws Exception {
        ScramVerifier once = UsersCodec.decode(frozen(), FILE).verifier("nobody");
        ScramVerifier again = UsersCodec.decode(frozen(), FILE).verifier("nobody");
        assertArrayEquals(once.salt(), again.salt());
        assertEquals(once.iterations(), again.iterations());
    }

    /** What is damaged in the frozen file by replacing a text with another, the line that is named, and what is said about it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "posthorn-users\\t | x | 1 | is no users file",
                "posthorn-users\\t1 | posthorn-users\\t2 | 1 | users format 2, this release reads 1",
                "posthorn-users\\t1\\t | posthorn-users\\t1\\tA | 1 | the secret is no Base64",
                "posthorn-users\\t1\\t | posthorn-users\\t1\\tAAAA | 1 | the secret has 35 bytes, 32 are needed",
                "\\t4096\\t | \\t4095\\t | 3 | 4095 iterations, 4096 to 1000000 are allowed",
                "\\t4096\\t | \\tmany\\t | 3 | the iterations are not a number",
                "\\t4096\\t | \\t | 3 | 4 fields separated by tabs, 5 are needed",
                "W22Z | !22Z | 3 | the salt is no Base64",
                "W22ZaJ0SNY7soEsUEjb6gQ== | W22Z | 3 | the salt has 3 bytes, 8 to 64 are allowed",
                "user\\tW22Z | u\u00adser\\tW22Z | 3 | the user name is not as SASLprep leaves it",
                "user\\tW22Z | \\tW22Z | 3 | the user name is empty",
                "user\\tW22Z | jürgen\\tW22Z | 3 | a second user \"jürgen\"",
                "user\\tW22Z | \\n\\tW22Z | 3 | 1 fields separated by tabs"
            })
    void damageIsNamedWithItsLine(String good, String bad, int line, String what) throws Exception {
        String before = unescaped(good);
        String text = new String(frozen(), StandardCharsets.UTF_8);
        assertTrue(text.contains(before), before);
        UsersFileException malformed =
                assertThrows(UsersFileException.class, () -> decode(text.replace(before, unescaped(bad))));
        assertTrue(
                malformed.getMessage().startsWith("users file users, line " + line + ": " + what),
                malformed::getMessage);
    }

    @Test
    void everyCutIsNoticedOrEndsALine() throws Exception {
        byte[] frozen = frozen();
        for (int length = 0; length < frozen.length - 1; length++) {
            byte[] cut = java.util.Arrays.copyOf(frozen, length);
            boolean wholeLines = frozen[length] == '\n' || length > 0 && frozen[length - 1] == '\n';
            if (wholeLines) {
                UsersCodec.decode(cut, FILE);
            } else {
                assertThrows(UsersFileException.class, () -> UsersCodec.decode(cut, FILE), "cut at " + length);
            }
        }
    }

    @Test
    void otherTextIsRefused() {
        assertThrows(UsersFileException.class, () -> decode(""));
        assertThrows(UsersFileException.class, () -> decode("j2ee=secret\n"));
        assertThrows(UsersFileException.class, () -> UsersCodec.decode(new byte[] {(byte) 0xff}, FILE));
    }

    private static String unescaped(String text) {
        return text.replace("\\t", "\t").replace("\\n", "\n");
    }

    private static UserTable decode(String text) throws UsersFileException {
        return UsersCodec.decode(text.getBytes(StandardCharsets.UTF_8), FILE);
    }

    private static byte[] frozen() throws IOException {
        try (InputStream in = UsersCodecTest.class.getResourceAsStream("/users-v1/users")) {
            return in.readAllBytes();
        }
    }
}
