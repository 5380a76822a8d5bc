package io.posthorn.server.store.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ModelState;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.tiered.AwaitingListener;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole store of version 1 (see {@link FrozenStore}), journal, tables and manifest, stays readable and means what it meant. */
class FrozenStoreTest {

    @TempDir
    Path temp;

    private Path data;

    @BeforeEach
    void restore() throws IOException {
        Path backup = temp.resolve("backup");
        unzip("store-v1.zip", backup);
        data = temp.resolve("data");
        new StoreRestore(backup, null, data, (what, done, total) -> {}).run();
    }

    @Test
    void version1IsRecoveredAsItWas() throws IOException {
        ModelState model = new ModelState();
        Set<Class<?>> kinds = new HashSet<>();
        List<JournalEntry> entries = new ArrayList<>();
        try (TieredStore store = new TieredStore(StoreConfig.defaults(data), Clock.system())) {
            store.listener(new AwaitingListener());
            assertEquals(2, store.recover(entries::add), "the epoch after that of the fixture");
        }
        for (JournalEntry entry : entries) {
            model.apply(entry);
            entry.records().forEach(record -> kinds.add(record.getClass()));
        }
        assertEquals(text("store-v1.txt"), model.text());
        Set<Class<?>> missing = new HashSet<>(List.of(JournalRecord.class.getPermittedSubclasses()));
        missing.removeAll(kinds);
        // Younger than this store; cluster-records-v1.hex has them.
        missing.remove(JournalRecord.ClusterRecord.class);
        // Of the next format level.
        missing.remove(JournalRecord.LevelRaised.class);
        missing.remove(JournalRecord.Postponed.class);
        assertTrue(missing.isEmpty(), "the fixture has no " + missing);
    }

    @Test
    void version1IsSound() {
        StoreVerification.Result result = new StoreVerification(data, (what, done, total) -> {}, 30_000).run();
        assertEquals(List.of(), result.findings());
        assertTrue(result.rows() > 100 && result.end() > result.checkpoint(), result.toString());
    }

    private static String text(String name) throws IOException {
        try (InputStream in = FrozenStoreTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Unpacks a frozen backup. */
    static void unzip(String name, Path target) throws IOException {
        try (InputStream in = FrozenStoreTest.class.getResourceAsStream(name);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = target.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }
}
