package io.posthorn.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.message.DestinationName;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Consumers of every acknowledge mode compete for a queue, roll back, recover and throw, while the connection stops, starts and is
 * interrupted. Whatever happens, every message is consumed exactly once.
 */
class DeliveryStressTest {

    private static final int MESSAGES = 2_000;
    private static final DestinationName NAME = DestinationName.queue("orders");

    private final PosthornQueue queue = new PosthornQueue("orders");
    private final FakeBroker broker = new FakeBroker();
    private final ConcurrentHashMap<Integer, Integer> consumed = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private volatile boolean done;

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_122, 4_711})
    @Timeout(60)
    void everyMessageIsConsumedExactlyOnce(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        PosthornConnection connection = broker.connect();
        connection.start();
        List<Thread> threads = new ArrayList<>();
        throwingListener(connection, random.split());
        Session recovering = recoveringListener(connection, random.split());
        threads.add(start(() -> receiver(connection, random.split())));
        threads.add(start(() -> rollingBack(connection, random.split())));
        threads.add(start(() -> chaos(connection, random.split())));
        send(connection);
        Await.until("most consumed", () -> total.get() >= MESSAGES * 9 / 10 || fault.get() != null);
        // What it holds would wait for an acknowledgement for ever; now others get it.
        recovering.close();
        Await.until("all consumed, seed " + seed + ", " + total, () -> total.get() >= MESSAGES || fault.get() != null);
        done = true;
        for (Thread thread : threads) {
            thread.join(10_000);
        }
        assertNull(fault.get());
        connection.close();
        assertEquals(MESSAGES, total.get());
        assertEquals(MESSAGES, consumed.size());
        assertEquals(0, broker.ready(NAME));
        assertEquals(0, broker.inFlight());
        broker.close();
    }

    private void send(PosthornConnection connection) throws JMSException {
        try (Session session = connection.createSession()) {
            MessageProducer producer = session.createProducer(queue);
            for (int i = 0; i < MESSAGES; i++) {
                producer.send(session.createTextMessage(Integer.toString(i)));
            }
        }
    }

    private void throwingListener(PosthornConnection connection, SplittableRandom random) throws JMSException {
        connection.createSession().createConsumer(queue).setMessageListener(message -> {
            if (random.nextInt(50) == 0) {
                throw new IllegalArgumentException("on purpose");
            }
            consume(List.of(number(message)));
        });
    }

    private Session recoveringListener(PosthornConnection connection, SplittableRandom random) throws JMSException {
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        List<Integer> pending = new ArrayList<>();
        session.createConsumer(queue).setMessageListener(message -> {
            pending.add(number(message));
            int choice = random.nextInt(6);
            if (choice == 0) {
                pending.clear();
                JmsCall.perform(session::recover);
            } else if (choice < 4) {
                JmsCall.perform(message::acknowledge);
                consume(pending);
                pending.clear();
            }
        });
        return session;
    }

    private void receiver(PosthornConnection connection, SplittableRandom random) throws JMSException {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        while (!done) {
            Message message = switch (random.nextInt(3)) {
                case 0 -> consumer.receiveNoWait();
                case 1 -> consumer.receive(1);
                default -> consumer.receive(20);
            };
            if (message != null) {
                consume(List.of(number(message)));
            }
        }
    }

    private void rollingBack(PosthornConnection connection, SplittableRandom random) throws JMSException {
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(queue);
        while (!done) {
            List<Integer> taken = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                Message message = consumer.receive(10);
                if (message != null) {
                    taken.add(number(message));
                }
            }
            if (random.nextInt(4) == 0) {
                session.rollback();
            } else {
                session.commit();
                consume(taken);
            }
        }
        session.rollback();
    }

    private void chaos(PosthornConnection connection, SplittableRandom random) throws JMSException {
        while (!done) {
            int seen = total.get();
            Await.until("some progress", () -> done || total.get() > seen);
            if (random.nextInt(3) == 0) {
                connection.stop();
                connection.start();
            } else {
                broker.interrupt();
            }
        }
    }

    private void consume(List<Integer> numbers) {
        for (int number : numbers) {
            consumed.merge(number, 1, Integer::sum);
            total.incrementAndGet();
        }
    }

    private static int number(Message message) {
        return Integer.parseInt(JmsCall.get(() -> ((TextMessage) message).getText()));
    }

    private Thread start(JmsCall.Action action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (JMSException | RuntimeException | Error broken) {
                fault.compareAndSet(null, broken);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
