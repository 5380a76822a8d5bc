package io.posthorn.thirdparty;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jars as the build has made or fetched them, for JVMs of their own. */
final class ClientFiles {

    private ClientFiles() {}

    /** The client and all it needs at run time. */
    static List<Path> plainClient() throws IOException {
        return jars(property("posthorn.plain.client"));
    }

    /** The same with the older Netty. */
    static List<Path> plainClientWithNetty41() throws IOException {
        List<Path> others = plainClient().stream()
                .filter(jar -> !jar.getFileName().toString().startsWith("netty-"))
                .toList();
        return Stream.concat(others.stream(), jars(property("posthorn.netty41")).stream())
                .toList();
    }

    /** The self-contained jar, with the two that it leaves out. */
    static List<Path> selfContained() throws IOException {
        List<Path> apis = plainClient().stream()
                .filter(jar -> jar.getFileName().toString().matches("(jakarta\\.jms|slf4j)-api-.*"))
                .toList();
        return Stream.concat(Stream.of(selfContainedJar()), apis.stream()).toList();
    }

    static Path selfContainedJar() {
        return property("posthorn.all.jar");
    }

    /** Where the compiled programs of these tests lie. */
    static Path programs() {
        return property("posthorn.test.classes");
    }

    static Path source(Class<?> program) {
        return property("posthorn.test.sources").resolve(program.getName().replace('.', '/') + ".java");
    }

    /** A class path or module path. */
    static String path(Stream<Path> files) {
        return files.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static Path property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("run by Maven, which sets " + name);
        }
        return Path.of(value);
    }
}
