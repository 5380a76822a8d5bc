package io.posthorn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user commands as an operator's script sees them: exit codes, one clear line, and what is in the file afterwards. */
class UserCommandTest {

    private static final NodeLauncher NONE = (kind, settings) -> {
        throw new AssertionError("no server is started here");
    };

    private static final BrokerAccess NOBODY = (nameServers, login) -> {
        throw new AssertionError("no broker is asked here");
    };

    @TempDir
    Path dir;

    private final InputStream in = System.in;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private Path users;

    @BeforeEach
    void redirect() {
        users = dir.resolve("users");
        PrintStream captured = new PrintStream(output, true, StandardCharsets.UTF_8);
        System.setOut(captured);
        System.setErr(captured);
    }

    @AfterEach
    void restore() {
        System.setIn(in);
        System.setOut(out);
        System.setErr(err);
    }

    @Test
    void usersComeAndGo() throws IOException {
        assertRun(0, "user j2ee may log in; users file " + users, "secret\n", "add", "j2ee", "--password-file", "-");
        assertRun(0, "user adam may log in", "x", "add", "adam", "--password-file", "-", "--iterations", "4096");
        assertRun(0, "adam\nj2ee\n", "", "list");
        assertTrue(Files.readString(users).contains("adam\t"));
        assertRun(0, "that of user j2ee", "secret\r\n", "verify", "j2ee", "--password-file", "-");
        assertRun(1, "user name or password is wrong", "Secret", "verify", "j2ee", "--password-file", "-");
        assertRun(1, "user name or password is wrong", "secret", "verify", "nobody", "--password-file", "-");
        assertRun(0, "user adam is removed", "", "remove", "adam");
        assertRun(0, "j2ee\n", "", "list");
        assertFalse(Files.readString(users).contains("secret"));
    }

    @Test
    void aUserThatExistsIsReplacedOnlyWhenAsked() {
        assertRun(0, "may log in", "old", "add", "j2ee", "--password-file", "-");
        assertRun(1, "there is a user j2ee already; --replace", "new", "add", "j2ee", "--password-file", "-");
        assertRun(0, "that of user j2ee", "old", "verify", "j2ee", "--password-file", "-");
        assertRun(0, "may log in", "new", "add", "j2ee", "--password-file", "-", "--replace");
        assertRun(0, "that of user j2ee", "new", "verify", "j2ee", "--password-file", "-");
    }

    @Test
    void theFileMayBeNamedInAConfiguration() throws IOException {
        Path config = Files.writeString(dir.resolve("conf"), "usersFile=" + users + "\nlistenPort=1\n");
        Path password = Files.writeString(dir.resolve("password"), "from a file\n");
        assertEquals(
                0, run("", "user", "add", "a", "--config", config.toString(), "--password-file", password.toString()));
        assertRun(0, "that of user a", "from a file", "verify", "a", "--password-file", "-");
    }

    @Test
    void mistakesAreNamedInOneLine() throws IOException {
        assertRun(1, "does not exist", "", "list");
        assertRun(1, "does not exist", "", "remove", "a");
        assertRun(1, "the password is empty", "\n", "add", "a", "--password-file", "-");
        assertRun(1, "more than one line in standard input", "a\nb\n", "add", "a", "--password-file", "-");
        assertRun(1, "the password contains a control character", "a\tb", "add", "a", "--password-file", "-");
        assertRun(1, "longer than 1024 characters", "x".repeat(1_025), "add", "a", "--password-file", "-");
        assertRun(1, "cannot read the password from " + dir, "", "add", "a", "--password-file", dir.toString());
        assertRun(
                1,
                "4095 iterations, 4096 to 1000000 are allowed",
                "x",
                "add",
                "a",
                "--password-file",
                "-",
                "--iterations",
                "4095");
        assertRun(1, "the user name is empty", "x", "add", "", "--password-file", "-");
        assertRun(1, "the user name contains a control character", "x", "add", "a\tb", "--password-file", "-");
        assertFalse(Files.exists(users));
        assertRun(0, "may log in", "x", "add", "a", "--password-file", "-");
        assertRun(1, "there is no user b", "", "remove", "b");
        Files.writeString(users, Files.readString(users) + "b\tc\n");
        assertRun(1, "line 3: 2 fields separated by tabs, 5 are needed", "", "list");
    }

    @Test
    void aWrongCommandLineIsExplained() {
        assertEquals(2, run("", "user", "list"));
        assertTrue(output().contains("say which users file: --users-file FILE"), this::output);
        assertEquals(2, run("", "user"));
        assertTrue(output().contains("add"), this::output);
        assertEquals(2, run("", "user", "add", "--users-file", users.toString()));
        assertTrue(output().contains("NAME"), this::output);
        assertEquals(2, run("", "user", "add", "a", "b", "--users-file", users.toString()));
    }

    private void assertRun(int exitCode, String text, String standardInput, String... arguments) {
        output.reset();
        List<String> all = new ArrayList<>(List.of("user"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--users-file", users.toString()));
        assertEquals(exitCode, run(standardInput, all.toArray(new String[0])), this::output);
        assertTrue(output().contains(text), this::output);
        assertFalse(output().contains("\tat "), this::output);
        assertTrue(exitCode == 0 || output().lines().count() == 1, this::output);
    }

    private static int run(String standardInput, String... arguments) {
        System.setIn(new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.UTF_8)));
        return ServerCommand.run(NONE, NOBODY, arguments);
    }

    private String output() {
        return output.toString(StandardCharsets.UTF_8);
    }
}
