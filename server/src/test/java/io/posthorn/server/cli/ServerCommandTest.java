package io.posthorn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line says when something goes wrong that nobody has thought of, and what it says of itself. */
class ServerCommandTest {

    private static final NodeLauncher BROKEN = (kind, settings) -> {
        throw new IllegalStateException("the moon is\nin the wrong house");
    };
    private static final BrokerAccess NOBODY = (nameServers, login) -> {
        throw new UnsupportedOperationException("no broker is asked here");
    };

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @BeforeEach
    void redirect() {
        PrintStream captured = new PrintStream(output, true, StandardCharsets.UTF_8);
        System.setOut(captured);
        System.setErr(captured);
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    private String run(int exitCode, String... arguments) {
        int code = ServerCommand.run(BROKEN, NOBODY, arguments);
        String text = output.toString(StandardCharsets.UTF_8);
        assertEquals(exitCode, code, text);
        return text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "nameserver", "broker"})
    void anUnexpectedFailureIsOneLine(String command) {
        String text = run(1, command);
        assertEquals(1, text.lines().count(), text);
        assertTrue(text.contains("unexpected failure: java.lang.IllegalStateException: the moon is ("), text);
        assertFalse(text.contains("\tat "), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--version",
                "standalone --version",
                "nameserver --version",
                "broker -V",
                "user --version",
                "user add --version",
                "store --version",
                "store verify --version",
                "xa --version",
                "xa list --version",
                "xa rollback -V"
            })
    void everyCommandTellsItsVersion(String command) {
        String text = run(0, command.split(" "));
        assertTrue(text.startsWith("Posthorn ") && text.lines().count() == 1, text);
    }

    @Test
    void aCommandThatFailsUnexpectedlyIsOneLineToo() {
        String text = run(1, "xa", "list");
        assertEquals(1, text.lines().count(), text);
        assertTrue(text.contains("no broker is asked here"), text);
    }
}
