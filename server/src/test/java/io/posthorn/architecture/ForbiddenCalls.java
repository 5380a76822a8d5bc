package io.posthorn.architecture;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds calls that belong in one package only, or nowhere. */
final class ForbiddenCalls {

    private static final Set<String> CLOCKS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.util.Date.<init>",
            "java.util.Calendar.getInstance",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone");

    private ForbiddenCalls() {}

    /** Clock reads outside the package that may do so. */
    static List<String> clockReads(JavaClasses classes, String timePackage) {
        return matching(
                classes,
                timePackage,
                target -> CLOCKS.contains(target) || target.startsWith("java.time.") && target.endsWith(".now"));
    }

    /** Calls of Thread.sleep, anywhere. */
    static List<String> sleeps(JavaClasses classes) {
        return matching(classes, "", target -> target.equals("java.lang.Thread.sleep"));
    }

    /** Uses of lmdbjava outside the package that owns it. */
    static List<String> lmdbUses(JavaClasses classes, String lmdbPackage) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            boolean outside = !type.getPackageName().equals(lmdbPackage);
            type.getDirectDependenciesFromSelf().stream()
                    .filter(d -> outside && d.getTargetClass().getPackageName().startsWith("org.lmdbjava"))
                    .forEach(d -> found.add(type.getName() + " uses lmdbjava"));
        }
        return new ArrayList<>(found);
    }

    private interface TargetFilter {
        boolean matches(String target);
    }

    private static List<String> matching(JavaClasses classes, String exceptPackage, TargetFilter filter) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            if (type.getPackageName().equals(exceptPackage)) {
                continue;
            }
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                AccessTarget target = access.getTarget();
                String name = target.getOwner().getName() + "." + target.getName();
                if (filter.matches(name)) {
                    found.add(type.getName() + " calls " + name);
                }
            }
        }
        return new ArrayList<>(found);
    }
}
