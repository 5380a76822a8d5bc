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
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code store verify|stats|backup|restore}, with the real server. */
class StoreToolsIT {

    private static final int PRODUCERS = 3;
    private static final String BODY = "x".repeat(2000);

    @TempDir
    Path dir;

    private final AtomicIntegerArray sending = new AtomicIntegerArray(PRODUCERS);
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(PRODUCERS);
    private final AtomicBoolean stop = new AtomicBoolean();

    @Test
    void aBackupUnderLoadIsTheStateAtOneMoment() throws Exception {
        int[] before = new int[PRODUCERS];
        int[] after = new int[PRODUCERS];
        ServerProcess.Finished backup;
        try (ServerProcess server = smallSegments(data().path())) {
            ExecutorService load = Executors.newFixedThreadPool(PRODUCERS + 1);
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                int producer = i;
                tasks.add(load.submit(() -> produce(server, producer)));
            }
            tasks.add(load.submit(() -> move(server)));
            Await.until("segments come and go", () -> total(acknowledged) > 1500);
            copy(acknowledged, before);
            backup = data().store("backup", backup().path().toString());
            copy(sending, after);
            // Under way long after the backup, so that its segments are recycled below it.
            int then = total(acknowledged);
            Await.until("the load goes on", () -> total(acknowledged) > then + 200);
            stop.set(true);
            load.shutdown();
            for (Future<?> task : tasks) {
                task.get();
            }
        }
        assertEquals(0, backup.exitCode(), backup.output());
        assertTrue(backup.output().contains("backup complete: the state at position "), backup.output());
        backup().assertSound();
        restore(0);
        restored().assertSound();
        try (ServerProcess server = ServerProcess.standalone(restored().path())) {
            assertExactlyOnce(drain(server, "in"), drain(server, "out"), before, after);
        }
    }

    @Test
    void aRestoredCopyEqualsItsSource() throws Exception {
        try (ServerProcess server = smallSegments(data().path())) {
            send(server, "kept", 200);
            server.stop();
        }
        assertEquals(0, data().store("backup", backup().path().toString()).exitCode());
        restore(0);
        String source = data().assertSound();
        assertEquals(source, restored().assertSound());
        String stats = data().store("stats").output();
        assertTrue(stats.contains("queue://kept: "), stats);
        assertEquals(findings(stats), findings(restored().store("stats").output()));
        try (ServerProcess server = ServerProcess.standalone(restored().path())) {
            assertEquals(200, drain(server, "kept").size());
        }
    }

    /** What stats has found, without the segments, which differ, and the progress, which only a slow machine gets to see. */
    private static List<String> findings(String stats) {
        return stats.lines()
                .filter(line -> !line.startsWith("segment") && !line.startsWith("\u2026"))
                .toList();
    }

    @Test
    void whatCannotBeRestoredIsRefused() throws Exception {
        try (ServerProcess server = smallSegments(data().path())) {
            send(server, "kept", 1);
            ServerProcess.Finished verify = data().store("verify");
            assertFailure(verify, "in use by another process");
            ServerProcess.Finished stats = data().store("stats");
            assertEquals(0, stats.exitCode(), stats.output());
            assertTrue(stats.output().contains("queue://kept: "), stats.output());
        }
        assertEquals(0, data().store("backup", backup().path().toString()).exitCode());
        assertFailure(data().store("backup", backup().path().toString()), "is not empty");
        assertFailure(data().store("restore", backup().path().toString()), "is not empty");
        assertFailure(restored().store("restore", dir.resolve("nothing").toString()), "is no complete backup");
        Path segment = backup().newestSegment();
        DataDir.flip(segment, 70);
        restore(1);
        ServerProcess.Finished start =
                ServerProcess.run("standalone", "--data-dir", restored().path().toString());
        assertFailure(start, "was not completed");
    }

    @Test
    void damageIsReportedWithItsPlace() throws Exception {
        try (ServerProcess server = smallSegments(data().path())) {
            send(server, "kept", 700);
            server.stop();
        }
        List<Path> segments = data().segments();
        Path segment = segments.get(0);
        DataDir.flip(segment, 2000);
        ServerProcess.Finished verify = data().store("verify");
        assertEquals(1, verify.exitCode(), verify.output());
        assertTrue(verify.output().contains("DAMAGED " + segment + " offset "), verify.output());
        assertFalse(verify.output().contains("\tat "), verify.output());
    }

    private DataDir data() {
        return new DataDir(dir.resolve("data"));
    }

    private DataDir backup() {
        return new DataDir(dir.resolve("backup"));
    }

    private DataDir restored() {
        return new DataDir(dir.resolve("restored"));
    }

    /** Segments of a little more than 1 MiB, and a checkpoint every 200 ms: files come and go while a backup runs. */
    private static ServerProcess smallSegments(Path data) {
        return ServerProcess.standalone(
                data,
                "--max-message-bytes",
                "65536",
                "--journal-segment-bytes",
                "1179648",
                "--checkpoint-interval-ms",
                "200");
    }

    private Object produce(ServerProcess server, int producer) {
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            Queue in = context.createQueue("in");
            while (!stop.get()) {
                int number = sending.getAndIncrement(producer);
                context.createProducer().send(in, producer + " " + number + " " + BODY);
                acknowledged.incrementAndGet(producer);
            }
        }
        return null;
    }

    /** Takes every message from one queue to another, five in a transaction. */
    private Object move(ServerProcess server) throws Exception {
        try (JMSContext context =
                new PosthornConnectionFactory(server.url()).createContext(JMSContext.SESSION_TRANSACTED)) {
            Queue out = context.createQueue("out");
            JMSConsumer consumer = context.createConsumer(context.createQueue("in"));
            while (!stop.get()) {
                for (int i = 0; i < 5; i++) {
                    Message message = consumer.receive(100);
                    if (message != null) {
                        context.createProducer().send(out, ((TextMessage) message).getText());
                    }
                }
                context.commit();
            }
        }
        return null;
    }

    private static void send(ServerProcess server, String queue, int count) {
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            for (int i = 0; i < count; i++) {
                context.createProducer().send(context.createQueue(queue), i + " 0 " + BODY);
            }
        }
    }

    /** All messages of a queue, without their filling. */
    private static List<String> drain(ServerProcess server, String queue) {
        List<String> found = new ArrayList<>();
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            JMSConsumer consumer = context.createConsumer(context.createQueue(queue));
            for (String body = consumer.receiveBody(String.class, 2000);
                    body != null;
                    body = consumer.receiveBody(String.class, 200)) {
                found.add(body.substring(0, body.lastIndexOf(' ')));
            }
        }
        return found;
    }

    private static void assertExactlyOnce(List<String> in, List<String> out, int[] before, int[] after) {
        assertFalse(in.isEmpty() && out.isEmpty());
        for (int producer = 0; producer < PRODUCERS; producer++) {
            TreeSet<Integer> numbers = new TreeSet<>();
            for (String message : Stream.concat(in.stream(), out.stream()).toList()) {
                String[] parts = message.split(" ");
                if (Integer.parseInt(parts[0]) == producer) {
                    assertTrue(numbers.add(Integer.parseInt(parts[1])), "twice: " + message);
                }
            }
            assertEquals(numbers.size(), numbers.last() + 1, "messages of producer " + producer + " are missing");
            assertTrue(numbers.size() >= before[producer], numbers.size() + " of " + before[producer]);
            assertTrue(numbers.size() <= after[producer], numbers.size() + " of " + after[producer]);
        }
    }

    private void restore(int exitCode) {
        ServerProcess.Finished restore =
                restored().store("restore", backup().path().toString());
        assertEquals(exitCode, restore.exitCode(), restore.output());
    }

    private static void assertFailure(ServerProcess.Finished finished, String text) {
        assertNotEquals(0, finished.exitCode(), finished.output());
        assertTrue(finished.output().contains(text), finished.output());
        assertFalse(finished.output().contains("\tat "), finished.output());
    }

    private static int total(AtomicIntegerArray counts) {
        int total = 0;
        for (int i = 0; i < counts.length(); i++) {
            total += counts.get(i);
        }
        return total;
    }

    private static void copy(AtomicIntegerArray from, int[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = from.get(i);
        }
    }
}
