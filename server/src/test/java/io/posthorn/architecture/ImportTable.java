package io.posthorn.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which package may import which: what is not listed is not imported. Package names are relative to a root, so that the
 * same check runs over planted violations.
 */
final class ImportTable {

    /** Free for everybody. */
    private static final List<String> ALWAYS = List.of("java.", "javax.crypto.", "org.slf4j.", "org.jspecify.");

    private final String root;
    private final Map<String, Set<String>> rows;

    /**
     * @param root package prefix, ending in a dot
     * @param rows relative package → what it may import: a relative package ({@code protocol}), or a foreign package with its
     *     subpackages ({@code io.netty.*}); a class alone is {@code provider.remote#RemoteConfig}
     */
    ImportTable(String root, Map<String, Set<String>> rows) {
        this.root = root;
        this.rows = rows;
    }

    /** One line for each import that the table does not allow, and for each package it does not know. */
    List<String> violations(JavaClasses classes) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            if (!type.getPackageName().startsWith(root) || type.getSimpleName().equals("package-info")) {
                continue;
            }
            String from = type.getPackageName().substring(root.length());
            Set<String> allowed = rows.get(from);
            if (allowed == null) {
                found.add("package " + from + " is not in the import table");
                continue;
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!isAllowed(from, allowed, target)) {
                    found.add(from + " imports " + target.getName() + " (" + type.getSimpleName() + ")");
                }
            }
        }
        return new ArrayList<>(found);
    }

    /** Simple names of the classes of one package that use another one, in order. */
    static List<String> importers(JavaClasses classes, String fromPackage, String toPackage) {
        return classes.stream()
                .filter(type -> type.getPackageName().equals(fromPackage))
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(d -> d.getTargetClass()
                                .getBaseComponentType()
                                .getPackageName()
                                .equals(toPackage)))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
    }

    private boolean isAllowed(String from, Set<String> allowed, JavaClass target) {
        String name = target.getName();
        if (target.isPrimitive() || ALWAYS.stream().anyMatch(name::startsWith)) {
            return true;
        }
        if (name.startsWith(root)) {
            String to = target.getPackageName().substring(root.length());
            return to.equals(from) || allowed.contains(to) || allowed.contains(to + "#" + outermost(target));
        }
        return allowed.stream()
                .anyMatch(entry -> entry.endsWith(".*") && name.startsWith(entry.substring(0, entry.length() - 1)));
    }

    private static String outermost(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int dollar = name.indexOf('$');
        return dollar < 0 ? name : name.substring(0, dollar);
    }
}
