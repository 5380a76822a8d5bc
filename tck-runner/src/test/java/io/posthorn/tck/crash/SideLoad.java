package io.posthorn.tck.crash;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What a broker does besides queues and transactions: topics of memory, delays, selectors, large messages, temporary queues, and connections
 * that come and go. Each kind has a thread that sends and receives a message at a time, and fails when it does not come.
 */
final class SideLoad implements AutoCloseable {

    private static final long COMES_MS = 30_000;
    private static final long DELAY_MS = 1_500;
    private static final int LARGE_BYTES = 2_500_000;
    private static final int REQUESTS_PER_CONNECTION = 20;
    private static final long JOIN_MS = 60_000;

    private final String url;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, AtomicLong> counts = new LinkedHashMap<>();
    private final java.util.Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    /** One round of a kind; the context is the thread's own. */
    private interface Round {
        void run(JMSContext context, long number) throws JMSException;
    }

    SideLoad(String url, SplittableRandom random) {
        this.url = url;
        byte[] large = new byte[LARGE_BYTES];
        random.nextBytes(large);
        start("fleeting", 20, this::fleeting);
        start("delayed", 100, this::delayed);
        start("selected", 20, this::selected);
        start("large", 4_000, (context, number) -> large(context, large));
        start("requests", 20, this::request);
        start("connections", 500, (context, number) -> comeAndGo());
    }

    /** What has ended a thread; empty when all is well. */
    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Rounds of each kind, for a report. */
    String summary() {
        return counts.toString();
    }

    @Override
    public void close() {
        stopping = true;
        try {
            for (Thread thread : threads) {
                thread.join(JOIN_MS);
                if (thread.isAlive()) {
                    throw new AssertionError(thread + " does not end");
                }
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void start(String name, long pauseMs, Round round) {
        AtomicLong count = new AtomicLong();
        counts.put(name, count);
        Thread thread = new Thread(
                () -> {
                    try (JMSContext context = new PosthornConnectionFactory(url).createContext()) {
                        while (!stopping) {
                            round.run(context, count.getAndIncrement());
                            LockSupport.parkNanos(pauseMs * 1_000_000);
                        }
                    } catch (JMSException | JMSRuntimeException | AssertionError failed) {
                        failures.add(new AssertionError(name + ": " + failed.getMessage(), failed));
                    }
                },
                "side-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** A consumer of its own for every message: subscriptions come and go as well. */
    private void fleeting(JMSContext context, long number) {
        Topic topic = context.createTopic("fleeting");
        try (JMSConsumer consumer = context.createConsumer(topic)) {
            context.createProducer()
                    .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                    .send(topic, "f" + number);
            require(consumer.receiveBody(String.class, COMES_MS), "f" + number);
        }
    }

    private void delayed(JMSContext context, long number) {
        Queue queue = context.createQueue("delayed");
        context.createProducer().setDeliveryDelay(DELAY_MS).send(queue, "d" + number);
        try (JMSConsumer consumer = context.createConsumer(queue)) {
            require(consumer.receiveBody(String.class, COMES_MS), "d" + number);
        }
    }

    /** What the selector passes by is taken afterwards. */
    private void selected(JMSContext context, long number) {
        Queue queue = context.createQueue("selected");
        for (String kind : List.of("a", "b")) {
            context.createProducer().setProperty("kind", kind).send(queue, kind + number);
        }
        for (String kind : List.of("b", "a")) {
            try (JMSConsumer consumer = context.createConsumer(queue, "kind = '" + kind + "'")) {
                require(consumer.receiveBody(String.class, COMES_MS), kind + number);
            }
        }
    }

    private void large(JMSContext context, byte[] body) throws JMSException {
        Queue queue = context.createQueue("large");
        context.createProducer().send(queue, body);
        try (JMSConsumer consumer = context.createConsumer(queue)) {
            BytesMessage message = (BytesMessage) consumer.receive(COMES_MS);
            byte[] found = new byte[message == null ? 0 : (int) message.getBodyLength()];
            if (message == null || message.readBytes(found) != found.length || !Arrays.equals(found, body)) {
                throw new AssertionError("a large message has not come, or is another");
            }
        }
    }

    private void request(JMSContext context, long number) throws JMSException {
        Queue queue = context.createQueue("requests");
        TemporaryQueue replies = context.createTemporaryQueue();
        try (JMSConsumer consumer = context.createConsumer(replies);
                JMSConsumer server = context.createConsumer(queue)) {
            context.createProducer().setJMSReplyTo(replies).send(queue, "r" + number);
            Message request = server.receive(COMES_MS);
            if (request == null) {
                throw new AssertionError("no request has come");
            }
            context.createProducer()
                    .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                    .send(request.getJMSReplyTo(), request.getBody(String.class));
            require(consumer.receiveBody(String.class, COMES_MS), "r" + number);
        }
        replies.delete();
    }

    private void comeAndGo() {
        try (JMSContext context = new PosthornConnectionFactory(url).createContext()) {
            Queue queue = context.createQueue("comers");
            for (int i = 0; i < REQUESTS_PER_CONNECTION; i++) {
                context.createProducer().send(queue, "c" + i);
            }
            try (JMSConsumer consumer = context.createConsumer(queue)) {
                for (int i = 0; i < REQUESTS_PER_CONNECTION; i++) {
                    require(consumer.receiveBody(String.class, COMES_MS), "c" + i);
                }
            }
        }
    }

    private static void require(String found, String wanted) {
        if (!wanted.equals(found)) {
            throw new AssertionError(wanted + " should have come, and " + found + " has");
        }
    }
}
