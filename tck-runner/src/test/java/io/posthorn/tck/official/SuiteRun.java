package io.posthorn.tck.official;

import io.posthorn.tck.official.ClassResult.Ending;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The official suite from beginning to end; what {@code mvn -Ptck} starts. Looks for the suite's jars, starts the real server with an empty
 * store, runs every class in a JVM beside it with an outer time limit for each, and prints what passed and failed. A class that had to
 * be killed costs its JVM and its server: the next one begins with new ones, so that nothing of it is left. One thread.
 */
public final class SuiteRun {

    private final Options options;
    private final PrintStream out;
    private SuiteServer server;
    private SuiteProcess process;
    private int servers;

    SuiteRun(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /**
     * What a run needs to know.
     *
     * @param repository     the local Maven repository
     * @param suiteVersion   of {@code jakarta.tck:jms-tck}; empty = the highest in the repository
     * @param harnessVersion of {@code jakarta.tck:common}; empty = the highest in the repository
     * @param classes        what the name of a class must match somewhere
     * @param classLimit     how long a class may take
     * @param jmsTimeoutMs   how long the suite waits for a message
     * @param dir            for data and logs; anything may lie there
     */
    record Options(
            Path repository,
            String suiteVersion,
            String harnessVersion,
            Pattern classes,
            Duration classLimit,
            int jmsTimeoutMs,
            Path dir) {

        static Options ofProperties() {
            return new Options(
                    Path.of(property("tck.repository", System.getProperty("user.home") + "/.m2/repository")),
                    property("tck.version", ""),
                    property("tck.harness.version", ""),
                    Pattern.compile(property("tck.classes", "")),
                    Duration.ofSeconds(Long.parseLong(property("tck.classLimitSeconds", "600"))),
                    Integer.parseInt(property("jms_timeout", "2000")),
                    Path.of(property("tck.dir", "target/tck")));
        }

        private static String property(String name, String otherwise) {
            String value = System.getProperty(name, "");
            // A property that the build was not given arrives as its own placeholder.
            return value.isEmpty() || value.startsWith("${") ? otherwise : value;
        }
    }

    public static void main(String[] args) throws IOException {
        System.exit(new SuiteRun(Options.ofProperties(), System.out).run());
    }

    /** @return exit code: 0 when all passed, or when there is no suite to run; else 1 */
    int run() throws IOException {
        Path suite = SuiteJars.find(options.repository, SuiteJars.SUITE, options.suiteVersion);
        if (suite == null) {
            out.println("The official suite was not run: " + named(SuiteJars.SUITE, options.suiteVersion)
                    + " is not in the local Maven repository " + options.repository + ".");
            return 0;
        }
        Path harness = SuiteJars.find(options.repository, SuiteJars.HARNESS, options.harnessVersion);
        if (harness == null) {
            out.println("The official suite cannot be run: its harness "
                    + named(SuiteJars.HARNESS, options.harnessVersion) + " is not in the local Maven repository "
                    + options.repository + "; mvn dependency:get -Dartifact=jakarta.tck:common:11.1.0"
                    + " -Dtransitive=false fetches it.");
            return 1;
        }
        List<String> classes = SuiteJars.testClasses(suite, options.classes);
        out.println(suite.getFileName() + " with " + harness.getFileName() + ", " + classes.size()
                + " classes; what they print is in " + log());
        SuiteReport report = new SuiteReport(out);
        try {
            Files.createDirectories(options.dir);
            Files.deleteIfExists(log());
            for (String name : classes) {
                report.add(run(name, suite, harness));
            }
        } finally {
            close();
        }
        report.end();
        return report.isClean() ? 0 : 1;
    }

    private ClassResult run(String name, Path suite, Path harness) throws IOException {
        if (process == null) {
            servers++;
            server = SuiteServer.start(Files.createTempDirectory(options.dir, "server-" + servers + "-"));
            String classPath = String.join(
                    File.pathSeparator,
                    server.names().toString(),
                    System.getProperty("java.class.path"),
                    harness.toString(),
                    suite.toString());
            process = new SuiteProcess(classPath, jvmOptions(), log());
        }
        ClassResult result = process.run(name, options.classLimit);
        if (result.ending() != Ending.FINISHED) {
            close();
        }
        return result;
    }

    private List<String> jvmOptions() {
        return List.of(
                "-Djms_timeout=" + options.jmsTimeoutMs,
                "-Duser=" + SuiteServer.USER,
                "-Dpassword=" + SuiteServer.USER,
                "-Dplatform.mode=standalone",
                "-Dvehicle=standalone");
    }

    private void close() {
        if (process != null) {
            process.close();
            process = null;
        }
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private Path log() {
        return options.dir.resolve("suite.log");
    }

    private static String named(String artifact, String version) {
        return SuiteJars.GROUP + ":" + artifact + (version.isEmpty() ? "" : ":" + version);
    }
}
