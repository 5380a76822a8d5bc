package io.posthorn.thirdparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messaginghub.pooled.jms.JmsPoolConnection;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** pooled-jms over our factory: connections, sessions and producers that are used again. */
class PooledJmsIT extends RealServerTest {

    private JmsPoolConnectionFactory pool;

    @BeforeEach
    void openPool() {
        pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(factory());
        pool.setMaxConnections(1);
    }

    @AfterEach
    void closePool() {
        pool.stop();
    }

    private static Connection provided(Connection connection) throws JMSException {
        return ((JmsPoolConnection) connection).getConnection();
    }

    @Test
    void connectionsAndSessionsAreUsedAgain() throws Exception {
        Connection first = null;
        for (int i = 0; i < 20; i++) {
            try (Connection connection = pool.createConnection()) {
                connection.start();
                first = first == null ? provided(connection) : first;
                assertEquals(first, provided(connection));
                Session session = connection.createSession();
                Queue queue = session.createQueue(name("queue"));
                MessageProducer producer = session.createProducer(queue);
                producer.send(session.createTextMessage("m" + i));
                MessageConsumer consumer = session.createConsumer(queue);
                assertEquals("m" + i, consumer.receive(COMES_MS).getBody(String.class));
            }
        }
        assertEquals(1, pool.getNumConnections());
    }

    @Test
    void aSessionThatWasGivenBackIsRolledBack() throws Exception {
        try (Connection connection = pool.createConnection()) {
            connection.start();
            Queue queue;
            try (Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
                queue = session.createQueue(name("queue"));
                session.createProducer(queue).send(session.createTextMessage("never seen"));
            }
            try (Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
                session.createProducer(queue).send(session.createTextMessage("committed"));
                session.commit();
            }
            try (Session session = connection.createSession()) {
                MessageConsumer consumer = session.createConsumer(queue);
                assertEquals("committed", consumer.receive(COMES_MS).getBody(String.class));
                assertNull(consumer.receiveNoWait());
            }
        }
    }

    @Test
    void temporaryQueuesEndWithThePooledConnection() throws Exception {
        TemporaryQueue answers;
        try (Connection connection = pool.createConnection()) {
            answers = connection.createSession().createTemporaryQueue();
        }
        try (Connection other = factory().createConnection()) {
            Session session = other.createSession();
            assertThrows(
                    InvalidDestinationException.class,
                    () -> session.createProducer(answers).send(session.createMessage()));
        }
    }

    @Test
    void contextsWorkTwoWays() throws Exception {
        for (boolean ours : new boolean[] {false, true}) {
            pool.setUseProviderJMSContext(ours);
            try (JMSContext context = pool.createContext(JMSContext.SESSION_TRANSACTED)) {
                Queue queue = context.createQueue(name("queue"));
                context.createProducer().send(queue, "by context");
                context.commit();
                // The pool's own context has no receiveBody.
                Message message = context.createConsumer(queue).receive(COMES_MS);
                assertEquals("by context", message.getBody(String.class));
                context.commit();
            }
        }
    }

    @Test
    void listenersWorkInThePool() throws Exception {
        CountDownLatch heard = new CountDownLatch(10);
        try (Connection connection = pool.createConnection()) {
            connection.start();
            Session listening = connection.createSession();
            Queue queue = listening.createQueue(name("queue"));
            listening.createConsumer(queue).setMessageListener(message -> heard.countDown());
            Session sending = connection.createSession();
            for (int i = 0; i < 10; i++) {
                sending.createProducer(queue).send(sending.createMessage());
            }
            assertTrue(heard.await(COMES_MS, TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void aLostConnectionIsReplaced() throws Exception {
        try (ServerProcess other = ServerProcess.standalone(dataDir.resolve("other"))) {
            pool.setConnectionFactory(new PosthornConnectionFactory(other.url() + "?failoverTimeoutMs=300"));
            CountDownLatch lost = new CountDownLatch(1);
            Connection first;
            try (Connection connection = pool.createConnection()) {
                first = provided(connection);
                connection.setExceptionListener(failure -> lost.countDown());
                connection.start();
                other.kill();
                assertTrue(lost.await(COMES_MS, TimeUnit.MILLISECONDS));
            }
            other.start();
            try (Connection connection = pool.createConnection()) {
                assertTrue(first != provided(connection));
                connection.start();
                Session session = connection.createSession();
                Queue queue = session.createQueue(name("queue"));
                session.createProducer(queue).send(session.createTextMessage("new"));
                assertNotNull(session.createConsumer(queue).receive(COMES_MS));
            }
        }
    }
}
