package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a damaged store does: it says so, delivers nothing that is damaged, and is recovered from a backup and the journal behind it. */
class CorruptionIT {

    private static final String QUEUE = "kept";
    private static final String FILLING = "x".repeat(1000);
    private static final int IN_BACKUP = 200;
    private static final int BEHIND_BACKUP = 300;

    @TempDir
    Path dir;

    private DataDir data;
    private DataDir backup;
    private DataDir restored;

    /** Some messages in the tables, all of these in a backup, more in the journal behind it, and then SIGKILL. */
    @BeforeEach
    void makeStore() throws Exception {
        data = new DataDir(dir.resolve("data"));
        backup = new DataDir(dir.resolve("backup"));
        restored = new DataDir(dir.resolve("restored"));
        try (ServerProcess server = server(data, "200")) {
            send(server, 0, IN_BACKUP / 2);
            String last = "m" + (IN_BACKUP / 2 - 1) + " ";
            Await.until("a checkpoint has them all", () -> isInTables(last));
            server.stop();
        }
        try (ServerProcess server = server(data, "600000")) {
            send(server, IN_BACKUP / 2, IN_BACKUP);
            assertEquals(0, data.store("backup", backup.path().toString()).exitCode());
            send(server, IN_BACKUP, IN_BACKUP + BEHIND_BACKUP);
            server.kill();
        }
    }

    @Test
    void aBackupAndTheJournalBehindItMakeUpForLostTables() throws IOException {
        try (FileChannel channel = FileChannel.open(data.tables(), StandardOpenOption.WRITE)) {
            channel.truncate(12_288);
        }
        assertRefused("is truncated");
        ServerProcess.Finished restore = restored.store(
                "restore", backup.path().toString(), "--journal", data.path().toString());
        assertEquals(0, restore.exitCode(), restore.output());
        assertFalse(restore.output().contains("DROPPED"), restore.output());
        restored.assertSound();
        assertEquals(bodies(IN_BACKUP + BEHIND_BACKUP), drain(restored));
    }

    @Test
    void whatLiesBeforeDamageInTheJournalIsKeptAndTheRestIsNamed() throws IOException {
        Path segment = data.newestSegment();
        byte[] bytes = Files.readAllBytes(segment);
        int damaged = IN_BACKUP + BEHIND_BACKUP / 2;
        DataDir.flip(segment, find(bytes, "m" + damaged + " ", bytes.length));
        String place = segment + " offset ";
        assertRefused("is damaged at position ");
        ServerProcess.Finished verify = data.store("verify");
        assertEquals(1, verify.exitCode(), verify.output());
        assertTrue(verify.output().contains("DAMAGED " + place), verify.output());
        assertEquals(bytes.length, Files.size(segment));
        ServerProcess.Finished restore = restored.store(
                "restore", backup.path().toString(), "--journal", data.path().toString());
        assertEquals(0, restore.exitCode(), restore.output());
        assertTrue(restore.output().contains("DROPPED: everything from " + place), restore.output());
        restored.assertSound();
        assertEquals(bodies(damaged), drain(restored));
        DataDir withoutBackup = new DataDir(dir.resolve("without-backup"));
        ServerProcess.Finished salvage =
                withoutBackup.store("restore", "--journal", data.path().toString());
        assertEquals(0, salvage.exitCode(), salvage.output());
        assertTrue(salvage.output().contains("DROPPED: everything from " + place), salvage.output());
        withoutBackup.assertSound();
        assertEquals(bodies(damaged), drain(withoutBackup));
    }

    @Test
    void aDamagedMessageInTheTablesIsReportedAndNotDelivered() throws IOException {
        byte[] bytes = Files.readAllBytes(data.tables());
        // LMDB leaves old copies of a page behind.
        for (int at = find(bytes, "m7 ", bytes.length); at >= 0; at = find(bytes, "m7 ", at)) {
            DataDir.flip(data.tables(), at);
        }
        ServerProcess.Finished verify = data.store("verify");
        assertEquals(1, verify.exitCode(), verify.output());
        assertTrue(verify.output().contains("DAMAGED "), verify.output());
        List<String> expected = new ArrayList<>(bodies(IN_BACKUP + BEHIND_BACKUP));
        expected.remove("m7");
        try (ServerProcess server = server(data, "600000")) {
            assertEquals(expected, drain(server));
            String log = Files.readString(server.log());
            assertTrue(log.contains("is not in the store; it is given up"), log);
        }
    }

    @Test
    void aJournalThatDoesNotFollowOnTheBackupIsRefused() {
        DataDir other = new DataDir(dir.resolve("other"));
        try (ServerProcess server = server(other, "600000")) {
            send(server, 0, 1);
            assertFailure(
                    restored.store(
                            "restore",
                            backup.path().toString(),
                            "--journal",
                            other.path().toString()),
                    "in use by another process");
        }
        assertFailure(
                new DataDir(dir.resolve("restored-2"))
                        .store(
                                "restore",
                                backup.path().toString(),
                                "--journal",
                                other.path().toString()),
                "it is not the journal that the backup was made of");
        assertFailure(
                new DataDir(dir.resolve("restored-3"))
                        .store(
                                "restore",
                                backup.path().toString(),
                                "--journal",
                                dir.resolve("nothing").toString()),
                "there is no journal in ");
    }

    private void assertRefused(String text) {
        assertFailure(ServerProcess.run("standalone", "--data-dir", data.path().toString()), text);
    }

    private static void assertFailure(ServerProcess.Finished finished, String text) {
        assertNotEquals(0, finished.exitCode(), finished.output());
        assertTrue(finished.output().contains(text), finished.output());
        assertFalse(finished.output().contains("\tat "), finished.output());
    }

    private static ServerProcess server(DataDir data, String checkpointIntervalMs) {
        return ServerProcess.standalone(data.path(), "--checkpoint-interval-ms", checkpointIntervalMs);
    }

    private static void send(ServerProcess server, int from, int to) {
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            for (int i = from; i < to; i++) {
                context.createProducer().send(context.createQueue(QUEUE), "m" + i + " " + FILLING);
            }
        }
    }

    private static List<String> drain(DataDir data) {
        try (ServerProcess server = server(data, "600000")) {
            return drain(server);
        }
    }

    /** All messages, without their filling. */
    private static List<String> drain(ServerProcess server) {
        List<String> found = new ArrayList<>();
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            JMSConsumer consumer = context.createConsumer(context.createQueue(QUEUE));
            for (String body = consumer.receiveBody(String.class, ServerTest.COMES_MS);
                    body != null;
                    body = consumer.receiveBody(String.class, 500)) {
                found.add(body.substring(0, body.indexOf(' ')));
            }
        }
        return found;
    }

    private static List<String> bodies(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }

    private boolean isInTables(String text) throws IOException {
        byte[] bytes = Files.readAllBytes(data.tables());
        return find(bytes, text, bytes.length) >= 0;
    }

    /** Offset of the last occurrence of a text before a place; -1 = there is none. */
    private static int find(byte[] bytes, String text, int before) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        for (int at = before - wanted.length; at >= 0; at--) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }
}
