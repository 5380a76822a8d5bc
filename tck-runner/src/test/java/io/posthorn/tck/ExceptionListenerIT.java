package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.ExceptionListener;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Exception listeners, and what a connection says of its provider. */
class ExceptionListenerIT extends ConformanceTest {

    @Test
    @Checklist({"7.01", "7.05"})
    void itHearsWhatNoCallHasThrownAsAJmsException() throws Exception {
        Connection connection = connect();
        AtomicReference<Exception> heard = new AtomicReference<>();
        CountDownLatch told = new CountDownLatch(1);
        connection.setExceptionListener(problem -> {
            heard.set(problem);
            told.countDown();
        });
        causeProblem(connection.createSession());
        await(told);
        assertInstanceOf(InvalidDestinationException.class, heard.get());
    }

    @Test
    @Checklist("7.02")
    void itIsCalledOnceAtATime() throws Exception {
        int count = 5;
        Connection connection = connect();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger atOnceMax = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(count);
        CountDownLatch release = new CountDownLatch(1);
        connection.setExceptionListener(problem -> {
            atOnceMax.accumulateAndGet(running.incrementAndGet(), Math::max);
            hold(release);
            running.decrementAndGet();
            all.countDown();
        });
        for (int n = 0; n < count; n++) {
            causeProblem(connection.createSession());
        }
        release.countDown();
        await(all);
        assertEquals(1, atOnceMax.get());
    }

    @Test
    @Checklist({"6.06", "7.03"})
    void itMayUseTheConnectionAndCloseIt() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        Outcome use = new Outcome();
        connection.setExceptionListener(problem -> use.of(() -> {
            session.createProducer(session.createQueue(name("queue"))).send(session.createTextMessage("a"));
            Session own = connection.createSession();
            MessageConsumer consumer = own.createConsumer(own.createQueue(name("queue")));
            assertEquals("a", text(consumer.receive(COMES_MS)));
            connection.stop();
            connection.close();
        }));
        causeProblem(session);
        assertEquals(Outcome.RETURNED, use.get());
    }

    @Test
    @Checklist({"6.06", "7.03"})
    void itMayCloseAContext() throws Exception {
        JMSContext context = context();
        Outcome close = new Outcome();
        context.setExceptionListener(problem -> close.of(context::close));
        causeProblem(context);
        assertEquals(Outcome.RETURNED, close.get());
    }

    @Test
    @Checklist({"6.03", "7.01", "7.03"})
    void itMayCloseAConnectionThatIsLost() throws Exception {
        try (ServerProcess other = ServerProcess.standalone(dataDir.resolve("other"))) {
            Connection connection = closeLater(
                    new PosthornConnectionFactory(other.url() + "?failoverTimeoutMs=300").createConnection());
            AtomicInteger calls = new AtomicInteger();
            Outcome close = new Outcome();
            connection.setExceptionListener(problem -> {
                calls.incrementAndGet();
                close.of(connection::close);
            });
            connection.start();
            Session session = connection.createSession();
            MessageConsumer consumer = session.createConsumer(session.createQueue("queue"));
            Background<Message> receive = Background.of(() -> received(consumer));
            receive.awaitWaiting();
            other.kill();
            assertEquals(Outcome.RETURNED, close.get());
            assertNull(receive.result());
            assertEquals(1, calls.get());
        }
    }

    /** Null too when the connection is lost. */
    private static Message received(MessageConsumer consumer) {
        try {
            return consumer.receive();
        } catch (JMSException lost) {
            return null;
        }
    }

    @Test
    @Checklist("7.04")
    void itIsSetReadAndUnset() throws Exception {
        Connection connection = connect();
        JMSContext context = context();
        assertNull(connection.getExceptionListener());
        assertNull(context.getExceptionListener());
        AtomicInteger calls = new AtomicInteger();
        ExceptionListener first = problem -> calls.incrementAndGet();
        connection.setExceptionListener(first);
        context.setExceptionListener(first);
        assertSame(first, connection.getExceptionListener());
        assertSame(first, context.getExceptionListener());
        connection.setExceptionListener(null);
        context.setExceptionListener(null);
        assertNull(connection.getExceptionListener());
        assertNull(context.getExceptionListener());
        Session session = connection.createSession();
        causeProblem(session);
        // The answer to this comes after the one that is the problem.
        session.createTemporaryQueue();
        CountDownLatch told = new CountDownLatch(1);
        connection.setExceptionListener(problem -> told.countDown());
        causeProblem(session);
        await(told);
        assertEquals(0, calls.get());
    }

    @Test
    @Checklist("7.06")
    void versionsAndProviderAreTold() throws JMSException {
        for (ConnectionMetaData data :
                List.of(connect().getMetaData(), context().getMetaData())) {
            assertEquals("3.1", data.getJMSVersion());
            assertEquals(3, data.getJMSMajorVersion());
            assertEquals(1, data.getJMSMinorVersion());
            assertEquals("Posthorn", data.getJMSProviderName());
            String begin = data.getProviderMajorVersion() + "." + data.getProviderMinorVersion();
            assertTrue(data.getProviderVersion().startsWith(begin), data.getProviderVersion());
        }
    }

    @Test
    @Checklist("7.07")
    void theJmsxNamesAreListed() throws JMSException {
        List<String> names = Collections.list(jmsxNames(connect().getMetaData()));
        assertTrue(names.containsAll(List.of("JMSXGroupID", "JMSXGroupSeq", "JMSXDeliveryCount")), names::toString);
        assertFalse(names.stream().anyMatch(name -> !name.startsWith("JMSX")), names::toString);
        assertEquals(names, Collections.list(jmsxNames(context().getMetaData())));
    }

    @SuppressWarnings("unchecked") // the signature of the interface
    private static Enumeration<String> jmsxNames(ConnectionMetaData data) throws JMSException {
        return data.getJMSXPropertyNames();
    }
}
