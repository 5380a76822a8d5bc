package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The samples see JMS and JNDI, nothing of Posthorn: so would the code of any user. */
class ArchitectureTest {
    private static final List<String> ALLOWED =
            List.of("java.", "javax.naming.", "jakarta.jms.", "io.posthorn.samples.");

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
    void theSamplesSeeJmsAndJndiOnly() {
        JavaClasses samples = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.posthorn.samples");
        assertTrue(samples.size() > 10, "the samples' classes were not found");
        assertEquals(List.of(), violations(samples));
    }

    @Test
    void importsOfTheProviderAreFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("planted.samples");
        assertEquals(List.of("SeesTheProvider imports io.posthorn.jms.PosthornConnectionFactory"), violations(planted));
    }
}
