package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections closed by several threads while their listeners are at work: each message is worked on once, and everything ends. */
class CloseUnderLoadIT extends ConformanceTest {

    private static final int MESSAGES = 400;
    private static final int PER_ROUND = 40;

    private final Queue<Integer> done = new ConcurrentLinkedQueue<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(
            ints = {
                Session.SESSION_TRANSACTED,
                Session.AUTO_ACKNOWLEDGE,
                Session.CLIENT_ACKNOWLEDGE,
                Session.DUPS_OK_ACKNOWLEDGE
            })
    @Checklist({"2.01", "2.03", "6.04", "6.23"})
    void nothingIsLostOrDoubled(int mode) throws Exception {
        String queue = name("queue" + mode);
        fill(queue);
        for (int round = 0; done.size() < MESSAGES; round++) {
            work(queue, mode, round);
            assertEquals(List.of(), List.copyOf(failures));
        }
        List<Integer> sorted = new ArrayList<>(done);
        Collections.sort(sorted);
        assertEquals(IntStream.range(0, MESSAGES).boxed().toList(), sorted);
        Session session = connect().createSession();
        assertNull(session.createConsumer(session.createQueue(queue)).receiveNoWait());
    }

    private void fill(String queue) throws JMSException {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(session.createQueue(queue));
        for (int n = 0; n < MESSAGES; n++) {
            Message message = session.createMessage();
            message.setIntProperty("n", n);
            producer.send(message);
        }
        session.commit();
    }

    /** Works on some messages with two sessions, then closes all from several threads, in an order that changes with the round. */
    private void work(String queue, int mode, int round) throws Exception {
        Connection connection = freshConnection();
        CountDownLatch enough = new CountDownLatch(Math.min(PER_ROUND, MESSAGES - done.size()));
        List<Executable> closes = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            Session session = connection.createSession(mode);
            MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
            consumer.setMessageListener(message -> handle(session, message, enough));
            closes.add(consumer::close);
            closes.add(session::close);
        }
        closes.add(connection::stop);
        closes.add(connection::close);
        connection.start();
        await(enough);
        Collections.rotate(closes, round);
        List<Background<Void>> running = new ArrayList<>();
        for (Executable close : closes) {
            running.add(Background.run(() -> unlessClosed(close)));
        }
        for (Background<Void> close : running) {
            close.result();
        }
    }

    /** Only stop() can come too late. */
    private static void unlessClosed(Executable call) throws Exception {
        try {
            Outcome.perform(call);
        } catch (IllegalStateException closed) {
            assertEquals("the connection is closed", closed.getMessage());
        }
    }

    private void handle(Session session, Message message, CountDownLatch enough) {
        try {
            int n = message.getIntProperty("n");
            assertEquals(1, message.getIntProperty("JMSXDeliveryCount"));
            message.acknowledge();
            if (session.getTransacted()) {
                session.commit();
            }
            done.add(n);
        } catch (JMSException | AssertionError failed) {
            failures.add(new Exception("at " + message, failed));
        } finally {
            enough.countDown();
        }
    }
}
