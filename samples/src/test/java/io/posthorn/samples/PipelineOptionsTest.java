package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineOptionsTest {
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private int run(String... arguments) throws InterruptedException {
        PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return OrderPipeline.run(List.of(arguments), out, err, false);
    }

    private String errorText() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    @Test
    void defaults() throws UsageException {
        assertEquals(
                new PipelineOptions(false, false, 1, null, 4, Path.of("server/target/posthorn-server.jar"), false),
                PipelineOptions.parse(List.of()));
    }

    @Test
    void allOptions() throws UsageException {
        assertEquals(
                new PipelineOptions(true, false, 20, Path.of("o.csv"), 8, Path.of("s.jar"), true),
                PipelineOptions.parse(List.of(
                        "--kill",
                        "--rounds",
                        "20",
                        "--orders",
                        "o.csv",
                        "--workers",
                        "8",
                        "--server-jar",
                        "s.jar",
                        "--keep")));
    }

    @Test
    void promoting() throws UsageException {
        assertTrue(PipelineOptions.parse(List.of("--promote")).promote());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rounds",
                "--rounds 0",
                "--rounds x",
                "--workers 65",
                "--workers -1",
                "--nope",
                "5",
                "--kill --promote"
            })
    void refusesWhatItDoesNotUnderstand(String line) {
        assertThrows(UsageException.class, () -> PipelineOptions.parse(List.of(line.split(" "))));
    }

    @Test
    void aWrongOptionIsExitCode2WithTheUsage() throws InterruptedException {
        assertEquals(2, run("--slow"));
        assertTrue(errorText().startsWith("Unknown option --slow"), errorText());
        assertTrue(errorText().contains("--rounds N"), errorText());
    }

    @Test
    void aMissingServerIsExitCode1AndNamesTheBuildCommand(@TempDir Path directory) throws InterruptedException {
        Path jar = directory.resolve("none.jar");
        assertEquals(1, run("--server-jar", jar.toString()));
        assertEquals(
                "There is no server at " + jar + ". Build it with: mvn -q -DskipTests -pl server -am package",
                errorText().strip());
    }

    @Test
    void aMissingOrderFileIsExitCode1AndNamesIt() throws InterruptedException {
        assertEquals(1, run("--orders", "no-such.csv"));
        assertEquals("There is no order file no-such.csv", errorText().strip());
    }
}
