package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every rule about containers in {@code rules.txt} has a reason to be untested or names tests, of this module or that of application servers, that exist. */
class RulesTest {

    private static final Pattern RULE = Pattern.compile("31\\.\\d\\d [^|]+ \\| (.+)");
    private static final List<Path> SOURCES = List.of(
            Path.of(System.getProperty("posthorn.test.sources", "src/test/java")),
            Path.of(System.getProperty("posthorn.test.sources", "src/test/java"))
                    .resolve("../../../../app-server-tests/src/test/java"));

    @Test
    void theNamedTestsExist() throws IOException {
        Map<String, String> classes = sources();
        Set<String> numbers = new HashSet<>();
        List<String> missing = new ArrayList<>();
        for (String line : rules()) {
            var rule = RULE.matcher(line);
            assertTrue(rule.matches(), line);
            assertTrue(numbers.add(line.substring(0, 5)), line);
            if (!rule.group(1).startsWith("untested: ")) {
                for (String test : rule.group(1).split(", ")) {
                    if (!exists(test, classes)) {
                        missing.add(test);
                    }
                }
            }
        }
        assertEquals(List.of(), missing);
        assertEquals(28, numbers.size());
    }

    @Test
    void aTestThatIsNotThereIsFound() throws IOException {
        Map<String, String> classes = sources();
        assertTrue(exists("RulesTest#aTestThatIsNotThereIsFound", classes));
        assertEquals(false, exists("RulesTest#none", classes));
        assertEquals(false, exists("RulesTest#exists", classes), "no test");
        assertEquals(false, exists("NoTest#none", classes));
    }

    /** @param test {@code Class#method} */
    private static boolean exists(String test, Map<String, String> classes) {
        String[] names = test.split("#");
        return classes.containsKey(names[0])
                && Pattern.compile("@(Test|ParameterizedTest)\\b((?!void )[\\s\\S])*void " + names[1] + "\\(")
                        .matcher(classes.get(names[0]))
                        .find();
    }

    private static List<String> rules() throws IOException {
        try (InputStream file = RulesTest.class.getResourceAsStream("/rules.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    /** The text of each class, by its name. */
    private static Map<String, String> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path root : SOURCES) {
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                        .forEach(files::add);
            }
        }
        return files.stream()
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString().replace(".java", ""),
                        RulesTest::text,
                        (one, same) -> one));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
