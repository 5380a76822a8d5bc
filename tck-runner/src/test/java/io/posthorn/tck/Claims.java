package io.posthorn.tck;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What the tests of a package say they prove.
 *
 * @param tests rule number → names of tests, sorted
 * @param mistakes annotations that prove nothing, in words
 */
record Claims(Map<String, Set<String>> tests, List<String> mistakes) {

    /** Reads the annotations of all classes of a package, without the packages below. */
    static Claims of(String packageName, Set<String> rules) throws IOException, ClassNotFoundException {
        Claims claims = new Claims(new TreeMap<>(), new ArrayList<>());
        for (Class<?> type : classes(packageName)) {
            claims.read(type, name(type), rules);
            for (Method method : type.getDeclaredMethods()) {
                claims.read(method, name(type) + "." + method.getName(), rules);
            }
        }
        return claims;
    }

    private void read(AnnotatedElement element, String name, Set<String> rules) {
        Checklist checklist = element.getAnnotation(Checklist.class);
        if (checklist == null) {
            return;
        }
        if (element instanceof Method && !AnnotationSupport.isAnnotated(element, Testable.class)) {
            mistakes.add(name + " is no test");
            return;
        }
        if (element.isAnnotationPresent(Disabled.class)) {
            mistakes.add(name + " does not run");
            return;
        }
        for (String rule : checklist.value()) {
            if (rules.contains(rule)) {
                tests.computeIfAbsent(rule, none -> new TreeSet<>()).add(name);
            } else {
                mistakes.add(name + " names an unknown rule: " + rule);
            }
        }
    }

    private static String name(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private static List<Class<?>> classes(String packageName) throws IOException, ClassNotFoundException {
        Path root = Path.of(System.getProperty("posthorn.test.classes", "target/test-classes"));
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(root.resolve(packageName.replace('.', '/')))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class")) {
                    String type = packageName + "." + name.substring(0, name.length() - ".class".length());
                    found.add(Class.forName(type, false, Claims.class.getClassLoader()));
                }
            }
        }
        return found;
    }
}
