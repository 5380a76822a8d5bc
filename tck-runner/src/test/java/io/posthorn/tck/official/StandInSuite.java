package io.posthorn.tck.official;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Two small jars under the names of the official suite and its harness, compiled from {@code src/test/resources/standin}. */
final class StandInSuite {

    private final Path repository;
    private final Path scratch;

    StandInSuite(Path repository, Path scratch) {
        this.repository = repository;
        this.scratch = scratch;
    }

    void harness(String version) throws IOException {
        jar(compile("harness"), SuiteJars.HARNESS, version);
    }

    /** The suite; its sources need the harness. */
    void suite(String version) throws IOException {
        jar(compile("suite"), SuiteJars.SUITE, version);
    }

    private Path compile(String part) throws IOException {
        Path classes = Files.createDirectories(scratch.resolve(part));
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path") + ":" + scratch.resolve("harness")));
        Path sources = Path.of(System.getProperty("posthorn.standin", "src/test/resources/standin"), part);
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> arguments.add(file.toString()));
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0]));
        if (result != 0) {
            throw new IllegalStateException("the stand-in " + part + " does not compile");
        }
        return classes;
    }

    private void jar(Path classes, String artifact, String version) throws IOException {
        Path dir = Files.createDirectories(
                repository.resolve("jakarta/tck").resolve(artifact).resolve(version));
        try (OutputStream file = Files.newOutputStream(dir.resolve(artifact + "-" + version + ".jar"));
                JarOutputStream jar = new JarOutputStream(file);
                Stream<Path> found = Files.walk(classes)) {
            for (Path compiled : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
                jar.putNextEntry(new JarEntry(classes.relativize(compiled).toString()));
                Files.copy(compiled, jar);
                jar.closeEntry();
            }
        }
    }
}
