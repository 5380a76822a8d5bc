package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String run(boolean terminal) {
        Progress progress = new Progress(out, terminal, 2_000);
        for (int i = 1; i <= 2_000; i++) {
            progress.sent();
            progress.booked(i);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void elsewhereThanOnATerminalItWritesALineEveryTenPercent() {
        String text = run(false);
        assertFalse(text.contains("\r"));
        assertEquals(11, text.lines().count());
        assertEquals(
                "  100 %   orders sent 2,000   invoices booked 2,000 of 2,000",
                text.lines().reduce("", (first, second) -> second));
    }

    @Test
    void onATerminalItWritesOverOneLine() {
        String text = run(true);
        assertEquals(1, text.chars().filter(c -> c == '\n').count());
        assertEquals(101, text.chars().filter(c -> c == '\r').count());
        assertTrue(text.endsWith(System.lineSeparator()));
    }

    @Test
    void aMessageInBetweenGetsALineOfItsOwn() {
        Progress progress = new Progress(out, true, 4);
        progress.booked(1);
        progress.say("server killed");
        progress.booked(2);
        assertEquals(
                "\r   25 %   orders sent 0   invoices booked 1 of 4\n  server killed\n"
                        + "\r   50 %   orders sent 0   invoices booked 2 of 4",
                bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }
}
