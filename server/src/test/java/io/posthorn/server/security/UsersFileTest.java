package io.posthorn.server.security;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersFileTest {

    private static final long LIMIT_NS = 20_000_000_000L;

    @TempDir
    Path dir;

    private Path path;
    private UsersFile file;

    @BeforeEach
    void setUp() {
        path = dir.resolve("users");
        file = new UsersFile(path);
    }

    @Test
    void theFirstChangeMakesAFileForItsOwnerOnly() throws Exception {
        add("a");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertFalse(file.isReadableByOthers());
        add("b");
        assertEquals(List.of("a", "b"), List.copyOf(file.read().names()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertFalse(Files.exists(dir.resolve("users.new")));
    }

    @Test
    void decoysStayWhenUsersChange() throws Exception {
        add("a");
        byte[] salt = file.read().verifier("nobody").salt();
        add("b");
        assertArrayEquals(salt, file.read().verifier("nobody").salt());
    }

    @Test
    void aFailedChangeLeavesTheFileAsItWas() throws Exception {
        add("a");
        byte[] before = Files.readAllBytes(path);
        assertThrows(
                InterruptedException.class,
                () -> file.<InterruptedException>change(users -> {
                    throw new InterruptedException("a reason");
                }));
        assertArrayEquals(before, Files.readAllBytes(path));
        assertFalse(Files.exists(dir.resolve("users.new")));
    }

    @Test
    void twoChangesAtATimeAreRefused() throws Exception {
        add("a");
        UsersFileException taken = assertThrows(
                UsersFileException.class,
                () -> file.<UsersFileException>change(users -> {
                    add("b");
                    return users;
                }));
        assertTrue(taken.getMessage().contains("being changed by another command"), taken::getMessage);
        add("b");
    }

    @Test
    void aLinkStaysALink() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("link"), path);
        add("a");
        new UsersFile(link).<RuntimeException>change(users -> users.without("a"));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(0, file.read().size());
    }

    @Test
    void whatIsMissingIsNamed() {
        assertTrue(
                assertThrows(UsersFileException.class, file::read).getMessage().contains("does not exist"));
        UsersFile nowhere = new UsersFile(dir.resolve("no").resolve("users"));
        UsersFileException noDirectory =
                assertThrows(UsersFileException.class, () -> nowhere.<RuntimeException>change(users -> users));
        assertTrue(noDirectory.getMessage().contains("its directory does not exist"), noDirectory::getMessage);
        assertThrows(UsersFileException.class, () -> LiveUsers.watch(file, Duration.ofMillis(10)));
    }

    @Test
    void changesAreSeenWhileTheServerRuns() throws Exception {
        add("a");
        try (LiveUsers live = LiveUsers.watch(file, Duration.ofMillis(10))) {
            assertTrue(live.get().contains("a"));
            add("b");
            until(() -> live.get().contains("b"));
            file.<RuntimeException>change(users -> users.without("a"));
            until(() -> !live.get().contains("a"));
        }
    }

    @Test
    void aFileThatWentWrongChangesNothing() throws Exception {
        add("a");
        try (LiveUsers live = LiveUsers.watch(file, Duration.ofHours(1))) {
            UserTable before = live.get();
            byte[] good = Files.readAllBytes(path);
            Files.writeString(path, "nonsense");
            live.look();
            assertSame(before, live.get());
            Files.delete(path);
            live.look();
            assertSame(before, live.get());
            Files.write(path, good);
            live.look();
            assertNotSame(before, live.get());
            assertTrue(live.get().contains("a"));
        }
    }

    private void add(String name) throws UsersFileException {
        ScramVerifier verifier = ScramVerifier.create("secret of " + name, 4_096, new SecureRandom());
        file.<RuntimeException>change(users -> users.with(name, verifier));
    }

    private static void until(BooleanSupplier condition) {
        long begin = Clock.system().monotonicNs();
        while (!condition.getAsBoolean()) {
            assertTrue(Clock.system().monotonicNs() - begin < LIMIT_NS, "not within 20 s");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
