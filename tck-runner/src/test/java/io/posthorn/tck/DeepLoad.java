package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import io.posthorn.time.Clock;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;

/**
 * Numbered messages of 1 KiB in great numbers: sent in transactions, received in order. Sizes are properties, small ones in the gate,
 * great ones in the profile {@code deep}. One thread at a time.
 */
final class DeepLoad {

    /** Heap of the server. */
    static final String HEAP = System.getProperty("posthorn.deep.heap", "96m");

    /** Bytes of a message's body. */
    static final int BODY_BYTES = 1024;

    private static final int PER_TRANSACTION = 500;
    private static final long COMES_MS = 120_000;
    private static final long REPORT_NS = 30_000_000_000L;

    private DeepLoad() {}

    /** So many messages of a kind; {@code inGate} unless the property says otherwise. */
    static int count(String what, int inGate) {
        return Integer.getInteger("posthorn.deep." + what, inGate);
    }

    /** Sends messages with the numbers {@code from} to {@code to - 1} in the property {@code n}. */
    static void fill(ServerProcess server, String queueOrTopic, boolean topic, int from, int to, long delayMs)
            throws JMSException {
        long startNs = Clock.system().monotonicNs();
        try (Connection connection = new PosthornConnectionFactory(server.url()).createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            Destination destination = topic ? session.createTopic(queueOrTopic) : session.createQueue(queueOrTopic);
            MessageProducer producer = session.createProducer(destination);
            producer.setDeliveryDelay(delayMs);
            Progress progress = new Progress("sent", server);
            for (int n = from; n < to; n++) {
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(new byte[BODY_BYTES]);
                message.setIntProperty("n", n);
                message.setIntProperty("half", n % 2);
                producer.send(message);
                if ((n - from) % PER_TRANSACTION == PER_TRANSACTION - 1) {
                    session.commit();
                    progress.at(n + 1);
                }
            }
            session.commit();
        }
        say("sent " + (to - from) + " to " + queueOrTopic, startNs, server);
    }

    /** Receives the numbers {@code from}, {@code from + step}, … below {@code to}, in this order, in transactions. */
    static void drain(ServerProcess server, MessageConsumer consumer, Session session, int from, int to, int step)
            throws JMSException {
        long startNs = Clock.system().monotonicNs();
        Progress progress = new Progress("received", server);
        int inTransaction = 0;
        for (int n = from; n < to; n += step) {
            Message message = consumer.receive(COMES_MS);
            assertNotNull(message, "message " + n);
            assertEquals(n, message.getIntProperty("n"));
            if (++inTransaction == PER_TRANSACTION) {
                session.commit();
                inTransaction = 0;
                progress.at(n + 1);
            }
        }
        session.commit();
        say("received up to " + to + " in steps of " + step, startNs, server);
    }

    /** Prints what was done since then, and what the server has in memory. */
    static void say(String what, long startNs, ServerProcess server) {
        System.out.printf(
                "deep: %s in %.2f s; server has %d MiB of memory%n",
                what, (Clock.system().monotonicNs() - startNs) / 1e9, server.anonymousBytes() >> 20);
    }

    /** Says from time to time how far it is. */
    private static final class Progress {
        private final String what;
        private final ServerProcess server;
        private long saidNs = Clock.system().monotonicNs();

        Progress(String what, ServerProcess server) {
            this.what = what;
            this.server = server;
        }

        void at(int n) {
            if (Clock.system().monotonicNs() - saidNs > REPORT_NS) {
                saidNs = Clock.system().monotonicNs();
                System.out.printf("deep: %s %d; server has %d MiB of memory%n", what, n, server.anonymousBytes() >> 20);
            }
        }
    }
}
