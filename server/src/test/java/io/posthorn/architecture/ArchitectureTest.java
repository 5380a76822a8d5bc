package io.posthorn.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of the tree, over client and server, and for each a planted violation that it must catch. */
class ArchitectureTest {

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.posthorn");

    private static final String SERVER_BASE_MESSAGE = "message";
    private static final String SERVER_BASE_TIME = "time";

    /** The tables of ARCHITECTURE.md: client packages, then server packages. */
    private static final Map<String, Set<String>> IMPORTS = Map.ofEntries(
            Map.entry("time", Set.of()),
            Map.entry("message", Set.of()),
            Map.entry("selector", Set.of()),
            Map.entry("scram", Set.of()),
            Map.entry("protocol", Set.of("io.netty.buffer.*", "message")),
            Map.entry("protocol.api", Set.of("protocol", "message", "io.netty.buffer.*")),
            Map.entry("net", Set.of("protocol", "time", "io.netty.*")),
            Map.entry("provider", Set.of("message")),
            Map.entry(
                    "provider.remote",
                    Set.of(
                            "provider",
                            "net",
                            "protocol",
                            "protocol.api",
                            "scram",
                            "message",
                            "time",
                            "io.netty.buffer.*")),
            Map.entry("jms.destination", Set.of("message", "jakarta.jms.*", "javax.naming.*")),
            Map.entry("jms.message", Set.of("message", "jms.destination", "jakarta.jms.*")),
            Map.entry(
                    "jms",
                    Set.of(
                            "provider",
                            "jms.destination",
                            "jms.message",
                            "selector",
                            "time",
                            "message",
                            "jakarta.jms.*",
                            "javax.naming.*",
                            "javax.transaction.xa.*",
                            "provider.remote")),
            Map.entry("jms.naming", Set.of("jms", "jms.destination", "jakarta.jms.*", "javax.naming.*")),
            server("server.config"),
            server("server.security", "server.config", "scram"),
            server("server.store"),
            server("server.store.journal", "server.store", "server.config"),
            server("server.store.lmdb", "server.store", "server.config", "org.lmdbjava.*"),
            server("server.store.tiered", "server.store", "server.store.journal", "server.store.lmdb", "server.config"),
            server(
                    "server.store.tools",
                    "server.store",
                    "server.store.journal",
                    "server.store.lmdb",
                    "server.store.tiered"),
            server("server.queue", "server.store", "selector"),
            server("server.net", "protocol", "net", "server.security", "server.config", "io.netty.*"),
            server("server.route", "protocol"),
            server(
                    "server.nameserver",
                    "server.route",
                    "protocol",
                    "net",
                    "server.config",
                    "server.net",
                    "io.netty.buffer.*"),
            server(
                    "server.broker.registration",
                    "server.route",
                    "protocol",
                    "net",
                    "server.config",
                    "io.netty.buffer.*"),
            server(
                    "server.cluster",
                    "server.queue",
                    "server.store",
                    "protocol",
                    "protocol.api",
                    "provider",
                    "provider.remote"),
            server(
                    "server.replication",
                    "server.store",
                    "server.store.tiered",
                    "server.net",
                    "server.config",
                    "protocol",
                    "protocol.api",
                    "net",
                    "provider",
                    "provider.remote",
                    "io.netty.buffer.*"),
            server(
                    "server.broker",
                    "server.cluster",
                    "server.replication",
                    "server.route",
                    "server.queue",
                    "server.store",
                    "server.net",
                    "server.security",
                    "server.broker.registration",
                    "protocol",
                    "protocol.api",
                    "net",
                    "server.config",
                    "io.netty.buffer.*",
                    "io.netty.channel.*"),
            server(
                    "server.cli",
                    "server.config",
                    "server.security",
                    "server.store",
                    "server.store.tools",
                    "protocol",
                    "protocol.api",
                    "net",
                    "provider",
                    "provider.remote",
                    "picocli.*"));

    private static Map.Entry<String, Set<String>> server(String name, String... imports) {
        Set<String> all = new java.util.HashSet<>(List.of(imports));
        all.add(SERVER_BASE_MESSAGE);
        all.add(SERVER_BASE_TIME);
        return Map.entry(name, all);
    }

    @Test
    void importsAreThoseOfTheTable() {
        List<String> violations = new ImportTable("io.posthorn.", IMPORTS).violations(PRODUCT);
        // The top of the server wires everything, so it has no row; nobody may import it, which the other rows say.
        assertEquals(
                List.of(),
                violations.stream()
                        .filter(v -> !v.equals("package server is not in the import table"))
                        .toList());
    }

    @Test
    void onlyTheFactorySeesTheRemoteProvider() {
        assertEquals(
                List.of("PosthornConnectionFactory"),
                ImportTable.importers(PRODUCT, "io.posthorn.jms", "io.posthorn.provider.remote"));
    }

    @Test
    void otherUsersOfTheRemoteProviderAreFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("planted.remote");
        assertEquals(
                List.of("Connection", "Factory"),
                ImportTable.importers(planted, "planted.remote.jms", "planted.remote.provider.remote"));
    }

    @Test
    void importsOutsideTheTableAreFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("planted.table");
        Map<String, Set<String>> table = Map.of("selector", Set.of(), "provider", Set.of());
        List<String> violations = new ImportTable("planted.table.", table).violations(planted);
        assertTrue(violations.contains("selector imports planted.table.provider.Port (Reader)"), violations::toString);
        List<String> unknown =
                new ImportTable("planted.table.", Map.of("provider", Set.<String>of())).violations(planted);
        assertTrue(unknown.contains("package selector is not in the import table"), unknown::toString);
    }

    @Test
    void packagesHaveNoCycle() {
        assertEquals(List.of(), PackageCycles.violations("io.posthorn", PRODUCT));
    }

    @Test
    void cyclesAreFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("planted.cycle");
        assertEquals(2, PackageCycles.violations("planted.cycle", planted).size());
    }

    @Test
    void clocksAreReadInOnePackageOnly() {
        assertEquals(List.of(), ForbiddenCalls.clockReads(PRODUCT, "io.posthorn.time"));
    }

    @Test
    void clockReadsAreFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("planted.clock");
        assertEquals(2, ForbiddenCalls.clockReads(planted, "io.posthorn.time").size());
    }

    @Test
    void nobodySleeps() {
        assertEquals(List.of(), ForbiddenCalls.sleeps(PRODUCT));
    }

    @Test
    void sleepsAreFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("planted.sleep");
        assertFalse(ForbiddenCalls.sleeps(planted).isEmpty());
    }

    @Test
    void lmdbStaysInItsPackage() {
        assertEquals(List.of(), ForbiddenCalls.lmdbUses(PRODUCT, "io.posthorn.server.store.lmdb"));
    }

    @Test
    void lmdbElsewhereIsFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("planted.lmdb");
        assertFalse(ForbiddenCalls.lmdbUses(planted, "io.posthorn.server.store.lmdb")
                .isEmpty());
    }
}
