package io.posthorn.tck.official;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner of the official suite, with a small suite of our own in its place: what passes, fails, ends its JVM, or never ends. */
class SuiteRunIT {

    @TempDir
    Path dir;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void withoutTheArtifactItSaysSoAndIsNoFailure() throws IOException {
        assertEquals(0, run("", 60));
        assertEquals(
                "The official suite was not run: jakarta.tck:jms-tck is not in the local Maven repository "
                        + repository() + ".\n",
                output());
    }

    @Test
    void withoutTheHarnessItSaysWhatToDo() throws IOException {
        standIn().harness("1.0");
        standIn().suite("11.0.9");
        Files.delete(repository().resolve("jakarta/tck/common/1.0/common-1.0.jar"));
        assertEquals(1, run("", 60));
        assertTrue(output().contains("jakarta.tck:common is not in the local Maven repository"), output());
    }

    @Test
    void itFindsTheNamesAndCountsWhatPassesAndFails() throws IOException {
        standIn().harness("11.1.0");
        standIn().suite("11.0.9");
        Files.createDirectories(repository().resolve("jakarta/tck/jms-tck/11.0.10"));
        assertEquals(1, run("Exit|Fail|Lookup|InServer", 60));
        String output = output();
        assertTrue(output.startsWith("jms-tck-11.0.9.jar with common-11.1.0.jar, 3 classes"), output);
        assertLine(output, "passed    0, failed   1, skipped   0, not run   0", "standin.ExitIT");
        assertTrue(output.contains("    FAILED ends(): the JVM ended with exit code 3"), output);
        assertLine(output, "passed    2, failed   1, skipped   1, not run   0", "standin.FailIT");
        assertTrue(
                output.contains("    FAILED second(): org.opentest4j.AssertionFailedError: expected: <one>"), output);
        assertLine(output, "passed    5, failed   0, skipped   0, not run   0", "standin.LookupIT");
        assertLine(output, "passed    7, failed   2, skipped   1, not run   0", "in total, of 3 classes");
        assertTrue(output.contains("not a certification"), output);
    }

    @Test
    void aClassThatNeverEndsIsStopped() throws IOException {
        standIn().harness("11.1.0");
        standIn().suite("11.0.9");
        assertEquals(1, run("Hang", 4));
        assertLine(output(), "passed    1, failed   1, skipped   0, not run   1", "standin.HangIT");
        assertTrue(output().contains("    FAILED b(): not ended after 4 s; its threads are in the log"), output());
        String log = Files.readString(dir.resolve("run/suite.log"));
        assertTrue(log.contains("at standin.HangIT.b(HangIT.java:"), log);
    }

    private int run(String classes, int limitSeconds) throws IOException {
        SuiteRun.Options options = new SuiteRun.Options(
                repository(),
                "",
                "",
                Pattern.compile(classes),
                Duration.ofSeconds(limitSeconds),
                1234,
                dir.resolve("run"));
        return new SuiteRun(options, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }

    private StandInSuite standIn() {
        return new StandInSuite(repository(), dir.resolve("scratch"));
    }

    private Path repository() {
        return dir.resolve("repository");
    }

    private String output() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void assertLine(String output, String counts, String end) {
        assertTrue(
                output.lines().anyMatch(line -> line.startsWith(counts) && line.contains(end)),
                () -> "no line '" + counts + " … " + end + "' in:\n" + output);
        assertFalse(output.contains("InServerIT"), output);
    }
}
