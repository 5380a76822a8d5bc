package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Pool and transactions over the real client and a real server. */
class OutboundIT {

    private static final long COMES_MS = 20_000;
    private static final long ABSENT_MS = 150;

    @TempDir
    static Path directory;

    private static ServerProcess server;

    private final PosthornManagedConnectionFactory settings = new PosthornManagedConnectionFactory();
    private final SmallContainer container = new SmallContainer(settings);
    private ConnectionFactory factory;
    private String name;

    @BeforeAll
    static void startServer() throws Exception {
        server = ServerProcess.standalone(directory.resolve("data"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void lookUp(TestInfo test) throws Exception {
        settings.setConnectionUrl(server.url());
        factory = container.lookup();
        name = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void emptyThePool() throws Exception {
        container.shutDown();
    }

    private void send(String text) throws JMSException {
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession();
            session.createProducer(session.createQueue(name)).send(session.createTextMessage(text));
        }
    }

    private void sendFromContext(String text) {
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue(name), text);
        }
    }

    /** Outside transactions, by a connection of the pool. */
    private String receive(long timeoutMs) throws JMSException {
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession();
            try (MessageConsumer consumer = session.createConsumer(session.createQueue(name))) {
                connection.start();
                TextMessage message = (TextMessage) consumer.receive(timeoutMs);
                return message == null ? null : message.getText();
            }
        }
    }

    @Test
    void withoutATransactionMessagesGoAtOnce() throws Exception {
        send("classic");
        assertEquals("classic", receive(COMES_MS));
        sendFromContext("simplified");
        assertEquals("simplified", receive(COMES_MS));
        assertEquals(1, container.free().size(), "one connection for both APIs");
    }

    @Test
    void whatIsSentInATransactionComesWithItsCommit() throws Exception {
        container.begin();
        send("one");
        container.commit();
        assertEquals("one", receive(COMES_MS));
        container.begin();
        sendFromContext("two");
        container.commit();
        assertEquals("two", receive(COMES_MS));
    }

    @Test
    void nothingIsSeenBeforeTheCommit() throws Exception {
        container.begin();
        sendFromContext("held");
        PosthornManagedConnectionFactory outside = new PosthornManagedConnectionFactory();
        outside.setConnectionUrl(server.url());
        try (JMSContext other = ((ConnectionFactory) outside.createConnectionFactory()).createContext()) {
            Queue queue = other.createQueue(name);
            assertNull(other.createConsumer(queue).receive(ABSENT_MS));
            container.commit();
            assertEquals("held", other.createConsumer(queue).receiveBody(String.class, COMES_MS));
        }
    }

    @Test
    void aRollbackDropsWhatWasSentAndBringsBackWhatWasReceived() throws Exception {
        send("kept");
        container.begin();
        assertEquals("kept", receive(COMES_MS));
        sendFromContext("dropped");
        container.rollback();
        try (JMSContext context = factory.createContext()) {
            TextMessage message = (TextMessage)
                    context.createConsumer(context.createQueue(name)).receive(COMES_MS);
            assertNotNull(message);
            assertEquals("kept", message.getText());
            assertTrue(message.getJMSRedelivered());
        }
        assertNull(receive(ABSENT_MS));
    }

    @Test
    void whatIsReceivedInACommittedTransactionIsGone() throws Exception {
        send("once");
        container.begin();
        assertEquals("once", receive(COMES_MS));
        container.commit();
        assertNull(receive(ABSENT_MS));
    }

    @Test
    void aServerThatIsNotThereIsAJmsException() {
        settings.setConnectionUrl("posthorn://127.0.0.1:1?connectTimeoutMs=500&failoverTimeoutMs=500");
        assertThrows(JMSException.class, factory::createConnection);
    }

    @Test
    void aConnectionWhoseServerIsGoneLeavesThePool(@TempDir Path own) throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (ServerProcess mortal = ServerProcess.standalone(own.resolve("data"))) {
            settings.setConnectionUrl(mortal.url() + "?failoverTimeoutMs=500&connectTimeoutMs=500");
            send("before");
            container.free().iterator().next().addConnectionEventListener(onError(told));
        }
        assertTrue(told.await(30, TimeUnit.SECONDS), "no connection error event");
        assertEquals(Set.of(), container.free());
        settings.setConnectionUrl(server.url());
        send("after");
        assertEquals("after", receive(COMES_MS));
    }

    /** Counts down after the container, which was registered first, has dealt with the event. */
    private static ConnectionEventListener onError(CountDownLatch told) {
        return (ConnectionEventListener) Proxy.newProxyInstance(
                OutboundIT.class.getClassLoader(),
                new Class<?>[] {ConnectionEventListener.class},
                (proxy, method, arguments) -> {
                    if (((ConnectionEvent) arguments[0]).getId() == ConnectionEvent.CONNECTION_ERROR_OCCURRED) {
                        told.countDown();
                    }
                    return null;
                });
    }
}
