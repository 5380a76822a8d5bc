package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.Operations;
import io.posthorn.testing.ServerProcess;
import io.posthorn.time.Clock;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many messages that wait for their time or expire, in a heap that could not hold them. The profile {@code deep} runs it at full size.
 */
class ColdTimesIT {

    private static final long COMES_MS = 120_000;

    /** So many sends are under way at once. */
    private static final int WINDOW = 1_000;

    private static final int SOON = 1_000;
    private static final long LATENESS_MEDIAN_MAX_MS = 50;

    @TempDir
    Path temp;

    private ServerProcess start() {
        return ServerProcess.standaloneIn(
                "-Xmx" + DeepLoad.HEAP, temp.resolve("data"), "--checkpoint-interval-ms", "1000");
    }

    /** Sends without waiting for each: a transaction would give them their places at once. */
    private static void send(JMSContext context, String queue, int count, Delays delays) throws JMSException {
        Phaser underWay = new Phaser(1);
        AtomicReference<Exception> failure = new AtomicReference<>();
        JMSProducer producer = context.createProducer().setAsync(new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                underWay.arriveAndDeregister();
            }

            @Override
            public void onException(Message message, Exception exception) {
                failure.set(exception);
                underWay.arriveAndDeregister();
            }
        });
        Queue to = context.createQueue(queue);
        for (int n = 0; n < count; n++) {
            BytesMessage message = context.createBytesMessage();
            message.writeBytes(new byte[DeepLoad.BODY_BYTES]);
            message.setIntProperty("n", n);
            underWay.register();
            delays.before(producer, n);
            producer.send(to, message);
            if (n % WINDOW == WINDOW - 1) {
                underWay.arriveAndAwaitAdvance();
            }
        }
        underWay.arriveAndAwaitAdvance();
        assertNull(failure.get());
    }

    private interface Delays {
        void before(JMSProducer producer, int n);
    }

    @Test
    void delayedMessagesCostNoHeapAndComeInTimeAcrossARestart() throws Exception {
        int count = DeepLoad.count("scheduled", 60_000);
        try (ServerProcess server = start()) {
            long startNs = Clock.system().monotonicNs();
            try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
                // Due over an hour, but not while this test looks.
                send(
                        context,
                        "later",
                        count,
                        (producer, n) -> producer.setDeliveryDelay(600_000 + (long) n * 3_600_000 / count));
                DeepLoad.say(count + " scheduled", startNs, server);
                // Scattered over seconds, behind those before in the journal, and ahead of them in time.
                send(context, "later", SOON, (producer, n) -> producer.setDeliveryDelay(6_000 + n * 6L));
            }
            server.kill();
            long againNs = Clock.system().monotonicNs();
            server.start();
            DeepLoad.say("ready again", againNs, server);
            receiveInTime(server, SOON);
            // Longer than memory keeps them: they are read when their time comes near.
            long longMs = Long.getLong("posthorn.deep.longDelayMs", 0);
            if (longMs > 0) {
                try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
                    send(context, "later", SOON, (producer, n) -> producer.setDeliveryDelay(longMs + n * 6L));
                }
                receiveInTime(server, SOON);
            }
        }
    }

    /** Receives what is due soon, not early and hardly late, and nothing else. */
    private static void receiveInTime(ServerProcess server, int count) throws JMSException {
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            JMSConsumer consumer = context.createConsumer(context.createQueue("later"));
            long sinceMs = Clock.system().wallMs();
            BitSet came = new BitSet();
            List<Long> lateMs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Message message = consumer.receive(COMES_MS);
                assertNotNull(message, i + " of " + count + " came");
                long late = Clock.system().wallMs() - message.getJMSDeliveryTime();
                assertTrue(late >= 0, () -> "early by " + -late + " ms");
                int n = message.getIntProperty("n");
                assertTrue(n < count && !came.get(n), () -> n + " came twice, or is not due");
                came.set(n);
                // What was due before the consumer came was not late.
                if (message.getJMSDeliveryTime() > sinceMs) {
                    lateMs.add(late);
                }
            }
            assertNull(consumer.receive(ServerTest.ABSENT_MS));
            Collections.sort(lateMs);
            assertTrue(lateMs.size() > count / 4, () -> lateMs.size() + " were due after the start");
            System.out.printf(
                    "deep: of %d the median was %d ms late, the last %d ms; server has %d MiB of memory%n",
                    lateMs.size(),
                    lateMs.get(lateMs.size() / 2),
                    lateMs.get(lateMs.size() - 1),
                    server.anonymousBytes() >> 20);
            assertTrue(lateMs.get(lateMs.size() / 2) < LATENESS_MEDIAN_MAX_MS, () -> "late by ms: " + lateMs);
        }
    }

    @Test
    void whatExpiresInADeepQueueLeavesByItself() throws Exception {
        int count = DeepLoad.count("expiring", 40_000);
        try (ServerProcess server = start()) {
            try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
                Queue queue = context.createQueue("stale");
                context.createProducer().send(queue, "stays");
                long ttlMs = Long.getLong("posthorn.deep.ttlMs", 8_000);
                send(context, "stale", count, (producer, n) -> producer.setTimeToLive(ttlMs));
                server.kill();
                server.start();
                long startNs = Clock.system().monotonicNs();
                // Nobody consumes; the operators' view tells.
                Await.until("what has expired is gone", () -> Operations.messages(server, "queue:stale") == 1);
                DeepLoad.say(count + " had expired", startNs, server);
                JMSConsumer consumer = context.createConsumer(queue);
                assertEquals("stays", consumer.receiveBody(String.class, COMES_MS));
                assertNull(consumer.receiveNoWait());
            }
        }
    }
}
