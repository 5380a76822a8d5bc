package io.posthorn.server.store.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupManifestTest {

    private static final BackupManifest VERSION_1 = new BackupManifest(
            1_700_000_000_000L,
            1_099_511_628_000L,
            1_099_511_630_000L,
            List.of(
                    new BackupManifest.Entry(2064, 0x89abcdef, "journal/0000010000000000.journal"),
                    new BackupManifest.Entry(98_304, 0x1f, "lmdb/data.mdb")));

    @TempDir
    Path dir;

    @Test
    void version1IsRead() throws IOException {
        Files.writeString(manifest(), fixture());
        assertEquals(VERSION_1, BackupManifest.read(dir));
    }

    @Test
    void version1IsWritten() throws IOException {
        VERSION_1.write(dir);
        assertEquals(fixture(), Files.readString(manifest()));
    }

    @Test
    void whatIsNotCompleteIsRefused() throws IOException {
        assertRefused("is missing");
        Files.writeString(manifest(), fixture().replace("complete\n", ""));
        assertRefused("is not the manifest of a backup that this release can read");
        Files.writeString(manifest(), fixture().replace("backup 1", "backup 2"));
        assertRefused("is not the manifest of a backup that this release can read");
        Files.writeString(manifest(), fixture().replace("2064", "many"));
        assertRefused("cannot be read");
    }

    private void assertRefused(String text) {
        StoreException refused = assertThrows(StoreException.class, () -> BackupManifest.read(dir));
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
    }

    private Path manifest() {
        return dir.resolve(BackupManifest.FILE);
    }

    private static String fixture() throws IOException {
        try (InputStream in = BackupManifestTest.class.getResourceAsStream("backup-v1.manifest")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
