package io.posthorn.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds packages that reach themselves through the imports of others; every package counts by itself. */
final class PackageCycles {

    private PackageCycles() {}

    /** One line per package that lies on a cycle below this root. */
    static List<String> violations(String root, JavaClasses classes) {
        Map<String, Set<String>> imports = new TreeMap<>();
        for (JavaClass type : classes) {
            if (type.getPackageName().startsWith(root)) {
                Set<String> targets = imports.computeIfAbsent(type.getPackageName(), p -> new TreeSet<>());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String to =
                            dependency.getTargetClass().getBaseComponentType().getPackageName();
                    if (to.startsWith(root) && !to.equals(type.getPackageName())) {
                        targets.add(to);
                    }
                }
            }
        }
        List<String> found = new ArrayList<>();
        for (String start : imports.keySet()) {
            if (reaches(start, imports)) {
                found.add(start + " is on a cycle of packages");
            }
        }
        return found;
    }

    private static boolean reaches(String start, Map<String, Set<String>> imports) {
        Set<String> seen = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(imports.get(start));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (next.equals(start)) {
                return true;
            }
            if (seen.add(next)) {
                open.addAll(imports.getOrDefault(next, Set.of()));
            }
        }
        return false;
    }
}
