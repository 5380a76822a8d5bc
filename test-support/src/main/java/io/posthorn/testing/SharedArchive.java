package io.posthorn.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A class data archive of the server's jar: with it the many servers and commands that tests start take a third less processor time until they
 * are ready. Made once in a build. It belongs to one jar and one JDK, so tests do without it when the jar is newer or the JDK another.
 */
public final class SharedArchive {

    private static final long LIMIT_S = 60;

    private SharedArchive() {}

    /**
     * Makes the archive. Where that cannot be done, it says why, and there is none: nothing depends on it.
     *
     * @param arguments the server's jar, the archive, and a directory for what is left of making it
     */
    public static void main(String[] arguments) throws Exception {
        Path jar = Path.of(arguments[0]);
        Path archive = Path.of(arguments[1]);
        Path work = Files.createDirectories(Path.of(arguments[2]));
        Files.deleteIfExists(archive);
        System.setProperty("posthorn.server.jar", jar.toString());
        System.setProperty("posthorn.logs", work.toString());
        try {
            Set<String> classes = new LinkedHashSet<>(classesOfServerAndCommands(work));
            Path list = Files.write(work.resolve("classes"), classes);
            dump(list, jar, archive, work.resolve("dump.log"));
        } catch (IOException | RuntimeException failed) {
            System.out.println("servers in tests start without a class data archive: " + failed.getMessage());
        }
    }

    /** The option for a JVM that runs this jar, or none. */
    static List<String> option(String javaHome, Path jar) {
        String archive = System.getProperty("posthorn.server.archive", "");
        try {
            Path file = Path.of(archive);
            boolean fits = !archive.isEmpty()
                    && javaHome.equals(System.getProperty("java.home"))
                    && Files.isRegularFile(file)
                    && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(jar)) >= 0;
            return fits ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static List<String> classesOfServerAndCommands(Path work) throws IOException {
        Path ofServer = work.resolve("classes-server");
        Path ofCommands = work.resolve("classes-commands");
        Path data = Files.createTempDirectory(work, "data");
        System.setProperty("posthorn.server.jvm", "-XX:DumpLoadedClassList=" + ofServer);
        try (ServerProcess server = ServerProcess.standalone(data)) {
            System.setProperty("posthorn.server.jvm", "-XX:DumpLoadedClassList=" + ofCommands);
            ServerProcess.run("destination", "list", "--broker", "127.0.0.1:" + server.brokerPort());
            server.stop();
        }
        List<String> classes = new ArrayList<>(Files.readAllLines(ofServer));
        classes.addAll(Files.readAllLines(ofCommands));
        return classes;
    }

    private static void dump(Path list, Path jar, Path archive, Path log) throws IOException, InterruptedException {
        Process dump = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + archive,
                        "-cp",
                        jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!dump.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            dump.destroyForcibly().waitFor();
            throw new IOException("not done within " + LIMIT_S + " s, see " + log);
        }
        if (dump.exitValue() != 0) {
            throw new IOException(Files.readString(log, StandardCharsets.UTF_8));
        }
    }
}
