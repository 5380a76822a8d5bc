package io.posthorn.tck.official;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** Finds the suite's two jars in a local Maven repository, and the test classes in one of them. Stateless; nothing is downloaded. */
final class SuiteJars {

    static final String GROUP = "jakarta.tck";
    static final String SUITE = "jms-tck";
    static final String HARNESS = "common";

    private static final String TEST_CLASS = "IT.class";

    private SuiteJars() {}

    /**
     * The jar of an artifact of {@value #GROUP}.
     *
     * @param version the one to take; empty = the highest there is
     * @return null when there is none
     */
    static Path find(Path repository, String artifact, String version) throws IOException {
        Path versions = repository.resolve(GROUP.replace('.', '/')).resolve(artifact);
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(versions)) {
            try (DirectoryStream<Path> dirs = Files.newDirectoryStream(versions, Files::isDirectory)) {
                for (Path dir : dirs) {
                    String name = dir.getFileName().toString();
                    Path jar = dir.resolve(artifact + "-" + name + ".jar");
                    boolean wanted = version.isEmpty() ? Character.isDigit(name.charAt(0)) : name.equals(version);
                    if (wanted && Files.isRegularFile(jar)) {
                        found.add(jar);
                    }
                }
            }
        }
        Comparator<Path> byVersion = Comparator.comparing(
                jar -> Version.parse(jar.getParent().getFileName().toString()));
        return found.isEmpty()
                ? null
                : found.size() == 1
                        ? found.get(0)
                        : found.stream().max(byVersion).orElseThrow();
    }

    /**
     * The classes of the suite that need no application server, by name: those called {@code *IT}, in no package part that begins with
     * {@code ee}.
     *
     * @param wanted what the class name has to match somewhere
     */
    static List<String> testClasses(Path suite, Pattern wanted) throws IOException {
        List<String> classes = new ArrayList<>();
        try (JarFile jar = new JarFile(suite.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                String file = entry.getName();
                if (file.endsWith(TEST_CLASS) && !file.contains("$") && !needsServer(file)) {
                    String name =
                            file.substring(0, file.length() - ".class".length()).replace('/', '.');
                    if (wanted.matcher(name).find()) {
                        classes.add(name);
                    }
                }
            }
        }
        classes.sort(Comparator.naturalOrder());
        return classes;
    }

    private static boolean needsServer(String file) {
        String[] parts = file.split("/");
        return Arrays.stream(parts, 0, parts.length - 1).anyMatch(part -> part.startsWith("ee"));
    }
}
