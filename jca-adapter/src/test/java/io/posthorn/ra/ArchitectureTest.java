package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The adapter sees the JMS classes, the Jakarta APIs and slf4j, nothing below; its packages have no cycle. */
class ArchitectureTest {

    private static final List<String> ALLOWED = List.of(
            "java.",
            "javax.naming.",
            "javax.security.auth.",
            "javax.transaction.xa.",
            "jakarta.jms.",
            "jakarta.resource.",
            "jakarta.transaction.",
            "org.slf4j.",
            "io.posthorn.ra.",
            "io.posthorn.jms.");

    private static List<String> violations(JavaClasses classes) {
        TreeSet<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                boolean allowed = target.isPrimitive()
                        || ALLOWED.stream().anyMatch(p -> target.getName().startsWith(p));
                if (!allowed) {
                    found.add(type.getSimpleName() + " imports " + target.getName());
                }
            }
        }
        return List.copyOf(found);
    }

    @Test
    void theAdapterSeesJmsAndJakartaOnly() {
        JavaClasses adapter = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.posthorn.ra");
        assertTrue(adapter.size() > 10, "the adapter's classes were not found");
        assertEquals(List.of(), violations(adapter));
    }

    @Test
    void packagesHaveNoCycle() {
        JavaClasses adapter = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.posthorn.ra");
        SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "one slice per package";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(adapter);
    }

    @Test
    void importsOfTheLayersBelowAreFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("planted.adapter");
        assertFalse(violations(planted).isEmpty());
        assertTrue(violations(planted).contains("SeesTheWire imports io.posthorn.provider.Login"));
    }
}
