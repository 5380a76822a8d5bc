package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.message.DestinationName;
import io.posthorn.provider.remote.RemoteOperator;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import io.posthorn.testing.TestXid;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.ResourceAllocationRuntimeException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;

/** Limits of destinations, as applications and operators meet them. */
class LimitsIT extends ServerTest {

    private DestinationName create(String part, Map<String, String> settings) {
        DestinationName name = DestinationName.queue(name(part));
        with(operator -> operator.create(name, settings));
        return name;
    }

    private static void with(Consumer<RemoteOperator> work) {
        try (RemoteOperator operator =
                RemoteOperator.connect(new InetSocketAddress("127.0.0.1", server.brokerPort()), null, null)) {
            work.accept(operator);
        }
    }

    private static void namesTheLimit(Exception refusal, String limit, DestinationName name) {
        assertTrue(refusal.getMessage().contains(limit), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(name.name()), refusal.getMessage());
    }

    @Test
    void aSendToAFullQueueIsRefusedAndTheNextOneWorksWhenThereIsRoom() throws Exception {
        DestinationName name = create("q", Map.of("maxMessages", "2"));
        Session session = connect().createSession();
        Queue queue = session.createQueue(name.name());
        MessageProducer producer = session.createProducer(queue);
        producer.send(session.createTextMessage("a"));
        producer.send(session.createTextMessage("b"));
        ResourceAllocationException refused =
                assertThrows(ResourceAllocationException.class, () -> producer.send(session.createTextMessage("c")));
        namesTheLimit(refused, "maxMessages=2", name);
        try (JMSContext context = factory().createContext()) {
            ResourceAllocationRuntimeException simplified = assertThrows(
                    ResourceAllocationRuntimeException.class,
                    () -> context.createProducer().send(queue, "c"));
            namesTheLimit(simplified, "maxMessages=2", name);
        }
        BlockingQueue<Exception> late = new LinkedBlockingQueue<>();
        producer.send(session.createTextMessage("c"), new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                late.add(new IllegalStateException("was sent"));
            }

            @Override
            public void onException(Message message, Exception failure) {
                late.add(failure);
            }
        });
        Exception failure = late.poll(COMES_MS, TimeUnit.MILLISECONDS);
        assertInstanceOf(ResourceAllocationException.class, failure);
        namesTheLimit(failure, "maxMessages=2", name);
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals("a", ((TextMessage) consumer.receive(COMES_MS)).getText());
        Await.until("room", () -> sent(producer, session.createTextMessage("c")));
        assertEquals("b", ((TextMessage) consumer.receive(COMES_MS)).getText());
        assertEquals("c", ((TextMessage) consumer.receive(COMES_MS)).getText());
    }

    private static boolean sent(MessageProducer producer, Message message) throws JMSException {
        try {
            producer.send(message);
            return true;
        } catch (ResourceAllocationException full) {
            return false;
        }
    }

    @Test
    void bytesAreLimitedToo() throws Exception {
        DestinationName name = create("q", Map.of("maxBytes", "5000"));
        Session session = connect().createSession();
        MessageProducer producer = session.createProducer(session.createQueue(name.name()));
        producer.send(session.createTextMessage("x".repeat(3000)));
        ResourceAllocationException refused = assertThrows(
                ResourceAllocationException.class, () -> producer.send(session.createTextMessage("x".repeat(3000))));
        namesTheLimit(refused, "maxBytes=5000", name);
        producer.send(session.createTextMessage("small"));
    }

    @Test
    void aTransactionThatMeetsALimitIsRolledBackAsAWhole() throws Exception {
        DestinationName name = create("q", Map.of("maxMessages", "2"));
        Session session = connect().createSession(true, Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name.name());
        MessageProducer producer = session.createProducer(queue);
        JMSException refused = assertThrows(JMSException.class, () -> {
            for (int i = 0; i < 3; i++) {
                producer.send(session.createTextMessage("m" + i));
            }
            session.commit();
        });
        namesTheLimit(refused, "maxMessages=2", name);
        session.rollback();
        producer.send(session.createTextMessage("a"));
        producer.send(session.createTextMessage("b"));
        session.commit();
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals("a", ((TextMessage) consumer.receive(COMES_MS)).getText());
        assertEquals("b", ((TextMessage) consumer.receive(COMES_MS)).getText());
        assertNull(consumer.receiveNoWait());
        session.commit();
    }

    @Test
    void aBranchThatMeetsALimitCannotBePrepared() throws Exception {
        DestinationName name = create("q", Map.of("maxMessages", "1"));
        try (XAConnection connection = new PosthornXAConnectionFactory(server.url()).createXAConnection()) {
            XASession session = connection.createXASession();
            XAResource resource = session.getXAResource();
            Xid xid = new TestXid(77, new byte[] {1, 2, 3}, new byte[] {1});
            resource.start(xid, XAResource.TMNOFLAGS);
            MessageProducer producer = session.createProducer(session.createQueue(name.name()));
            Exception refused = assertThrows(Exception.class, () -> {
                producer.send(session.createTextMessage("a"));
                producer.send(session.createTextMessage("b"));
                resource.end(xid, XAResource.TMSUCCESS);
                resource.prepare(xid);
            });
            if (refused instanceof JMSException) {
                namesTheLimit(refused, "maxMessages=1", name);
            } else {
                assertInstanceOf(XAException.class, refused);
            }
        }
        Session plain = connect().createSession();
        assertNull(plain.createConsumer(plain.createQueue(name.name())).receiveNoWait());
    }

    @Test
    void sendersWaitForRoomAndKeepTheirOrder() throws Exception {
        DestinationName name = create("q", Map.of("maxMessages", "3", "whenFull", "block", "blockTimeoutMs", "20000"));
        ExecutorService senders = Executors.newFixedThreadPool(2);
        List<Future<?>> sending = new ArrayList<>();
        for (int sender = 0; sender < 2; sender++) {
            boolean transacted = sender == 1;
            String prefix = "s" + sender + "-";
            Connection connection = connect();
            sending.add(senders.submit(() -> {
                Session session = connection.createSession(
                        transacted, transacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(session.createQueue(name.name()));
                for (int i = 0; i < 100; i++) {
                    producer.send(session.createTextMessage(prefix + i));
                    if (transacted) {
                        session.commit();
                    }
                }
                return null;
            }));
        }
        Session session = connect().createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name.name()));
        int[] next = new int[2];
        for (int i = 0; i < 200; i++) {
            TextMessage message = (TextMessage) consumer.receive(COMES_MS);
            int sender = message.getText().charAt(1) - '0';
            assertEquals("s" + sender + "-" + next[sender]++, message.getText());
        }
        for (Future<?> each : sending) {
            each.get(COMES_MS, TimeUnit.MILLISECONDS);
        }
        senders.shutdown();
        assertNull(consumer.receiveNoWait());
    }

    @Test
    void asynchronousSendsWaitInOrderToo() throws Exception {
        DestinationName name = create("q", Map.of("maxMessages", "2", "whenFull", "block", "blockTimeoutMs", "20000"));
        Session session = connect().createSession();
        MessageProducer producer = session.createProducer(session.createQueue(name.name()));
        BlockingQueue<String> completed = new LinkedBlockingQueue<>();
        for (int i = 0; i < 20; i++) {
            producer.send(session.createTextMessage("m" + i), new CompletionListener() {
                @Override
                public void onCompletion(Message message) {
                    completed.add("sent");
                }

                @Override
                public void onException(Message message, Exception failure) {
                    completed.add(failure.toString());
                }
            });
        }
        Session reader = connect().createSession();
        MessageConsumer consumer = reader.createConsumer(reader.createQueue(name.name()));
        for (int i = 0; i < 20; i++) {
            assertEquals("m" + i, ((TextMessage) consumer.receive(COMES_MS)).getText());
        }
        for (int i = 0; i < 20; i++) {
            assertEquals("sent", completed.poll(COMES_MS, TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void whoWaitsInVainIsRefused() throws Exception {
        DestinationName name = create("q", Map.of("maxMessages", "1", "whenFull", "block", "blockTimeoutMs", "50"));
        Session session = connect().createSession();
        MessageProducer producer = session.createProducer(session.createQueue(name.name()));
        producer.send(session.createTextMessage("a"));
        ResourceAllocationException refused =
                assertThrows(ResourceAllocationException.class, () -> producer.send(session.createTextMessage("b")));
        namesTheLimit(refused, "maxMessages=1", name);
        namesTheLimit(refused, "blockTimeoutMs=50", name);
        with(operator -> operator.set(name, Map.of("maxMessages", "2")));
        producer.send(session.createTextMessage("c"));
    }

    @Test
    void aSlowSubscriberIsToldThatItWasDisconnected() throws Exception {
        DestinationName name = DestinationName.topic(name("t"));
        with(operator ->
                operator.create(name, Map.of("slowConsumerPolicy", "disconnect", "slowConsumerMaxMessages", "10")));
        Connection slow = connect();
        Session slowSession = slow.createSession();
        Topic topic = slowSession.createTopic(name.name());
        MessageConsumer reader = slowSession.createConsumer(topic);
        Connection quick = connect();
        Session quickSession = quick.createSession();
        BlockingQueue<Message> got = new LinkedBlockingQueue<>();
        quickSession.createConsumer(topic).setMessageListener(got::add);
        Session session = connect().createSession();
        MessageProducer producer = session.createProducer(topic);
        for (int i = 0; i < 50; i++) {
            producer.send(session.createTextMessage("m" + i));
            assertEquals("m" + i, ((TextMessage) got.poll(COMES_MS, TimeUnit.MILLISECONDS)).getText());
        }
        JMSException why = assertThrows(JMSException.class, () -> reader.receive(COMES_MS));
        namesTheLimit(why, "slowConsumerMaxMessages=10", name);
    }

    @Test
    void operatorsManageDestinationsFromTheCommandLine() throws Exception {
        String queue = "queue:" + name("managed");
        assertEquals("", command(0, "create", queue, "--set", "maxMessages=5"));
        assertTrue(command(1, "create", queue).contains("already"));
        assertTrue(command(0, "show", queue).contains("maxMessages=5 *"));
        assertEquals("", command(0, "set", queue, "maxMessages=1", "whenFull=reject"));
        assertTrue(command(1, "set", queue, "whenFull=explode").contains("whenFull is one of"));
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            context.createProducer().send(context.createQueue(name("managed")), "a");
            assertTrue(command(0, "list").contains(queue + " messages=1 "));
            assertTrue(command(1, "delete", queue).contains("1 messages"));
        }
        assertEquals("", command(0, "delete", queue, "--force"));
        assertTrue(command(1, "show", queue).contains("there is no"));
    }

    private static String command(int exitCode, String verb, String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("destination", verb, "--broker", "127.0.0.1:" + server.brokerPort()));
        all.addAll(List.of(arguments));
        ServerProcess.Finished finished = ServerProcess.run(all.toArray(String[]::new));
        assertEquals(exitCode, finished.exitCode(), finished.output());
        return finished.output();
    }
}
