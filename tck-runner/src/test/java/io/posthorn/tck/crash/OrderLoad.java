package io.posthorn.tck.crash;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Producers that send singly and in transactions, movers that take messages from one queue to a queue or a topic in transactions, and collectors
 * that take them from there. The {@link Account} knows what must come out. All go on through restarts of the server; an exception that
 * a client should have been spared ends a thread, and is kept.
 */
final class OrderLoad implements AutoCloseable {

    private static final String SUBSCRIPTION = "collected";
    private static final int PRODUCERS = 3;
    private static final int MOVERS = 2;
    private static final int TRANSACTION_MAX = 5;
    private static final int BODY_MAX_CHARS = 3000;
    private static final int COLLECTED_AT_ONCE = 20;
    private static final long LOOK_MS = 100;
    private static final long JOIN_MS = 60_000;

    /** A slow machine may need long to start a server again; nobody is to give up meanwhile. */
    private static final String PATIENCE = "?requestTimeoutMs=300000&sendTimeoutMs=300000&failoverTimeoutMs=300000";

    private final String url;
    private final Account account;
    private final long pauseNs;
    private final List<Thread> senders = new ArrayList<>();
    private final List<Thread> receivers = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean sending = true;
    private volatile boolean receiving = true;

    /** A thread's work. */
    private interface Part {
        void run(Session session, SplittableRandom random) throws JMSException;
    }

    /**
     * Starts it.
     *
     * @param firstProducer the number of the first producer; the others follow
     * @param pauseNs between two sends of a producer, 0 = none
     */
    OrderLoad(String url, Account account, int firstProducer, SplittableRandom random, long pauseNs) {
        this.url = url + PATIENCE;
        this.account = account;
        this.pauseNs = pauseNs;
        createSubscription();
        for (int i = 0; i < PRODUCERS; i++) {
            int producer = firstProducer + i;
            start(senders, "producer-" + i, random.split(), (session, own) -> produce(producer, session, own));
        }
        for (int i = 0; i < MOVERS; i++) {
            start(receivers, "mover-" + i, random.split(), this::move);
        }
        start(
                receivers,
                "queue-collector",
                random.split(),
                (session, own) -> collect(session, session.createConsumer(session.createQueue("out"))));
        start(
                receivers,
                "topic-collector",
                random.split(),
                (session, own) -> collect(
                        session, session.createSharedDurableConsumer(session.createTopic("out"), SUBSCRIPTION)));
    }

    /** Before the first message, for a topic keeps nothing for a subscription that is yet to come. */
    private void createSubscription() {
        try (Connection connection = new PosthornConnectionFactory(url).createConnection();
                Session session = connection.createSession()) {
            session.createSharedDurableConsumer(session.createTopic("out"), SUBSCRIPTION)
                    .close();
        } catch (JMSException failed) {
            throw new AssertionError(failed);
        }
    }

    /** What has ended a thread; empty when all is well. */
    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Returns when no producer sends any more. */
    void stopSending() {
        sending = false;
        join(senders);
    }

    @Override
    public void close() {
        stopSending();
        receiving = false;
        join(receivers);
    }

    private void start(List<Thread> group, String name, SplittableRandom random, Part part) {
        Thread thread = new Thread(
                () -> {
                    try (Connection connection = new PosthornConnectionFactory(url).createConnection()) {
                        connection.start();
                        part.run(connection.createSession(Session.SESSION_TRANSACTED), random);
                    } catch (JMSException | RuntimeException | Error failed) {
                        failures.add(failed);
                    }
                },
                name);
        thread.setDaemon(true);
        group.add(thread);
        thread.start();
    }

    private static void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join(JOIN_MS);
                if (thread.isAlive()) {
                    IllegalStateException where = new IllegalStateException("it is here");
                    where.setStackTrace(thread.getStackTrace());
                    throw new AssertionError(thread + " does not end", where);
                }
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void produce(int producer, Session transacted, SplittableRandom random) throws JMSException {
        try (Connection connection = new PosthornConnectionFactory(url).createConnection()) {
            Session plain = connection.createSession();
            MessageProducer single = plain.createProducer(plain.createQueue("in"));
            MessageProducer several = transacted.createProducer(transacted.createQueue("in"));
            while (sending) {
                if (random.nextInt(3) > 0) {
                    Account.Work work = account.begin(producer, 1);
                    single.send(message(plain, producer, work.first(), random));
                    account.acknowledged(work);
                } else {
                    transaction(
                            transacted, several, account.begin(producer, 1 + random.nextInt(TRANSACTION_MAX)), random);
                }
                if (pauseNs > 0) {
                    LockSupport.parkNanos(pauseNs);
                }
            }
        }
    }

    private void transaction(Session session, MessageProducer producer, Account.Work work, SplittableRandom random)
            throws JMSException {
        boolean giveUp = random.nextInt(6) == 0;
        try {
            for (int number = work.first(); number < work.end(); number++) {
                producer.send(message(session, work.producer(), number, random));
            }
            if (giveUp) {
                session.rollback();
            } else {
                session.commit();
            }
        } catch (TransactionRolledBackException said) {
            giveUp = true;
        } catch (JMSException unknown) {
            account.doubtful(work);
            session.rollback();
            return;
        }
        if (giveUp) {
            account.never(work);
        } else {
            account.acknowledged(work);
        }
    }

    private static Message message(Session session, int producer, int number, SplittableRandom random)
            throws JMSException {
        Message message = session.createTextMessage("x".repeat(random.nextInt(BODY_MAX_CHARS)));
        message.setIntProperty("producer", producer);
        message.setIntProperty("number", number);
        return message;
    }

    private void move(Session session, SplittableRandom random) throws JMSException {
        MessageConsumer consumer = session.createConsumer(session.createQueue("in"));
        List<Destination> targets = List.of(session.createQueue("out"), session.createTopic("out"));
        MessageProducer producer = session.createProducer(null);
        while (receiving) {
            try {
                List<Message> batch = take(consumer, TRANSACTION_MAX);
                for (Message message : batch) {
                    Message copy = session.createTextMessage(((TextMessage) message).getText());
                    copy.setIntProperty("producer", message.getIntProperty("producer"));
                    copy.setIntProperty("number", message.getIntProperty("number"));
                    producer.send(targets.get(message.getIntProperty("number") % targets.size()), copy);
                }
                if (random.nextInt(8) == 0) {
                    session.rollback();
                } else {
                    session.commit();
                }
            } catch (TransactionRolledBackException comesAgain) {
                // What it had taken is in the queue again.
            }
        }
    }

    private void collect(Session session, MessageConsumer consumer) throws JMSException {
        while (receiving) {
            try {
                List<Message> batch = take(consumer, COLLECTED_AT_ONCE);
                session.commit();
                for (Message message : batch) {
                    account.arrived(message.getIntProperty("producer"), message.getIntProperty("number"));
                }
            } catch (TransactionRolledBackException comesAgain) {
                // Nothing of it is booked.
            }
        }
    }

    private static List<Message> take(MessageConsumer consumer, int most) throws JMSException {
        List<Message> batch = new ArrayList<>();
        for (Message message = consumer.receive(LOOK_MS); message != null; message = consumer.receiveNoWait()) {
            batch.add(message);
            if (batch.size() == most) {
                break;
            }
        }
        return batch;
    }
}
