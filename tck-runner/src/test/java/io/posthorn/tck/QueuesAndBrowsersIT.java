package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.InvalidSelectorRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueRequestor;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicRequestor;
import jakarta.jms.TopicSession;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues: their names, who gets a message, who only looks at it, and who waits for an answer. */
class QueuesAndBrowsersIT extends ServerTest {

    private static final String LONG_NAME = "n".repeat(256);

    private static void send(Session session, Queue queue, String... texts) throws JMSException {
        try (MessageProducer producer = session.createProducer(queue)) {
            for (String text : texts) {
                TextMessage message = session.createTextMessage(text);
                message.setStringProperty("text", text);
                producer.send(message);
            }
        }
    }

    private static List<String> texts(Enumeration<?> messages) throws JMSException {
        List<String> texts = new ArrayList<>();
        while (messages.hasMoreElements()) {
            texts.add(((TextMessage) messages.nextElement()).getText());
        }
        return texts;
    }

    @Test
    @Checklist("17.01")
    void eachMessageGoesToOneConsumer() throws JMSException {
        int count = 60;
        Session sender = connect().createSession();
        Queue queue = sender.createQueue(name("queue"));
        List<MessageConsumer> consumers = new ArrayList<>();
        Session shared = connect().createSession();
        consumers.add(shared.createConsumer(queue));
        consumers.add(shared.createConsumer(queue));
        consumers.add(connect().createSession().createConsumer(queue));
        Set<String> expected = new HashSet<>();
        for (int n = 0; n < count; n++) {
            expected.add("m" + n);
        }
        send(sender, queue, expected.toArray(new String[0]));
        Set<String> got = new HashSet<>();
        for (int n = 0; n < count; n++) {
            Message message = consumers.get(n % 3).receive(COMES_MS);
            assertTrue(got.add(((TextMessage) message).getText()), "given twice");
        }
        assertEquals(expected, got);
        for (MessageConsumer consumer : consumers) {
            assertNull(consumer.receiveNoWait());
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "long"})
    @Checklist("17.03")
    void namesThatAreNoneAreRefused(String given) throws JMSException {
        String bad = "long".equals(given) ? LONG_NAME : given;
        Session session = connect().createSession();
        assertThrows(JMSException.class, () -> session.createQueue(bad));
        assertThrows(JMSException.class, () -> session.createTopic(bad));
        try (JMSContext context = factory().createContext()) {
            assertThrows(JMSRuntimeException.class, () -> context.createQueue(bad));
            assertThrows(JMSRuntimeException.class, () -> context.createTopic(bad));
        }
        PosthornConnectionFactory factory = new PosthornConnectionFactory(server.url());
        try (QueueConnection connection = factory.createQueueConnection()) {
            QueueSession queues = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThrows(JMSException.class, () -> queues.createQueue(bad));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "orders/2026 (new).x", "\u00c4\u4E16\uD83C\uDFBA", "%DLQ%", "queue://x", "*"})
    @Checklist({"17.03", "17.04"})
    void anyOtherNameIsAnIdentity(String name) throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name);
        Topic topic = session.createTopic(name);
        assertEquals(name, queue.getQueueName());
        assertEquals(name, topic.getTopicName());
        assertTrue(queue.toString().contains(name) && topic.toString().contains(name));
        MessageConsumer subscriber = session.createConsumer(topic);
        MessageConsumer consumer = session.createConsumer(queue);
        send(session, queue, "text");
        Message received = consumer.receive(COMES_MS);
        assertEquals(queue, received.getJMSDestination());
        assertEquals(name, ((Queue) received.getJMSDestination()).getQueueName());
        assertNull(subscriber.receiveNoWait(), "a topic of the name is something else");
    }

    @Test
    @Checklist("17.04")
    void destinationsAreEqualByKindAndName() throws JMSException {
        Session one = connect().createSession();
        Session other = connect().createSession();
        Queue queue = one.createQueue(name("x"));
        Topic topic = one.createTopic(name("x"));
        assertEquals(queue, other.createQueue(name("x")));
        assertEquals(queue.hashCode(), other.createQueue(name("x")).hashCode());
        assertEquals(topic, other.createTopic(name("x")));
        assertNotEquals(queue, (Object) topic);
        assertNotEquals(queue, one.createQueue(name("X")));
        TemporaryQueue temporary = one.createTemporaryQueue();
        assertNotEquals(temporary, one.createTemporaryQueue());
        assertNotEquals(temporary, (Object) other.createQueue(temporary.getQueueName()));
        try (JMSContext context = factory().createContext()) {
            assertEquals(queue, context.createQueue(name("x")));
        }
    }

    @Test
    @Checklist("17.05")
    void nullIsNoDestinationButMakesAnAnonymousProducer() throws JMSException {
        Session session = connect().createSession();
        Class<InvalidDestinationException> expected = InvalidDestinationException.class;
        assertNull(session.createProducer(null).getDestination());
        assertThrows(expected, () -> session.createConsumer(null));
        assertThrows(expected, () -> session.createConsumer(null, "= bad"));
        assertThrows(expected, () -> session.createBrowser(null));
        assertThrows(expected, () -> session.createDurableConsumer(null, "s"));
        assertThrows(expected, () -> session.createSharedConsumer(null, "s"));
        PosthornConnectionFactory factory = new PosthornConnectionFactory(server.url());
        try (TopicConnection connection = factory.createTopicConnection();
                QueueConnection queues = factory.createQueueConnection()) {
            TopicSession topicSession = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThrows(expected, () -> topicSession.createSubscriber(null));
            assertNull(topicSession.createPublisher(null).getTopic());
            QueueSession queueSession = queues.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThrows(expected, () -> queueSession.createReceiver(null));
            assertNull(queueSession.createSender(null).getQueue());
        }
        try (JMSContext context = factory().createContext()) {
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createConsumer(null));
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createBrowser(null));
        }
    }

    @Test
    @Checklist({"17.06", "17.07"})
    void everyEnumerationStartsFromTheHead() throws JMSException {
        Connection connection = factory().createConnection();
        try {
            Session session = connection.createSession();
            Queue queue = session.createQueue(name("queue"));
            send(session, queue, "a", "b", "c");
            // The connection is stopped, which is nothing to a browser.
            QueueBrowser browser = session.createBrowser(queue);
            assertSame(queue, browser.getQueue());
            Enumeration<?> first = browser.getEnumeration();
            assertEquals("a", ((TextMessage) first.nextElement()).getText());
            assertEquals(List.of("a", "b", "c"), texts(browser.getEnumeration()));
            assertEquals(List.of("b", "c"), texts(first));
            assertThrows(NoSuchElementException.class, first::nextElement);
            send(session, queue, "d");
            assertEquals(List.of("a", "b", "c", "d"), texts(browser.getEnumeration()));
            connection.start();
            Message message = session.createConsumer(queue).receive(COMES_MS);
            assertEquals(1, message.getIntProperty("JMSXDeliveryCount"));
            assertFalse(message.getJMSRedelivered());
            assertEquals(List.of("b", "c", "d"), texts(browser.getEnumeration()));
        } finally {
            connection.close();
        }
    }

    @Test
    @Checklist("17.06")
    void aBrowserSeesTheReceiveOrderOverManyPages() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        List<String> expected = new ArrayList<>();
        for (int priority : new int[] {4, 9, 0}) {
            for (int n = 0; n < 300; n++) {
                TextMessage message = session.createTextMessage(priority + "/" + n);
                message.setIntProperty("n", n);
                producer.send(message, DeliveryMode.NON_PERSISTENT, priority, 0);
            }
        }
        for (int priority : new int[] {9, 4, 0}) {
            for (int n = 0; n < 300; n++) {
                expected.add(priority + "/" + n);
            }
        }
        assertEquals(expected, texts(session.createBrowser(queue).getEnumeration()));
        assertEquals(
                List.of("9/299", "4/299", "0/299"),
                texts(session.createBrowser(queue, "n = 299").getEnumeration()));
        MessageConsumer consumer = session.createConsumer(queue);
        for (String text : expected) {
            assertEquals(text, ((TextMessage) consumer.receive(COMES_MS)).getText());
        }
        assertFalse(session.createBrowser(queue).getEnumeration().hasMoreElements());
    }

    @Test
    @Checklist({"17.06", "17.07"})
    void aBrowserSeesNeitherWhatIsNotDueNorWhatIsNotSelected() throws JMSException {
        try (JMSContext context = factory().createContext()) {
            Queue queue = context.createQueue(name("queue"));
            context.createProducer().setDeliveryDelay(3_600_000).send(queue, "much later");
            context.createProducer().setProperty("n", 1).send(queue, "one");
            context.createProducer().setProperty("n", 2).send(queue, "two");
            QueueBrowser all = context.createBrowser(queue);
            QueueBrowser some = context.createBrowser(queue, "n = 2");
            QueueBrowser none = context.createBrowser(queue, "n = 3");
            assertEquals("n = 2", some.getMessageSelector());
            assertNull(all.getMessageSelector());
            for (int round = 0; round < 20; round++) {
                // More often than a message may be delivered before it is a dead letter.
                assertEquals(List.of("one", "two"), texts(all.getEnumeration()));
                assertEquals(List.of("two"), texts(some.getEnumeration()));
                assertEquals(List.of(), texts(none.getEnumeration()));
            }
            assertEquals("one", context.createConsumer(queue).receiveBody(String.class, COMES_MS));
        } catch (JMSException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    @Checklist("17.09")
    void browsersOfNothingAndWithBadSelectors() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        TemporaryQueue gone = session.createTemporaryQueue();
        gone.delete();
        assertThrows(InvalidDestinationException.class, () -> session.createBrowser(gone));
        assertThrows(InvalidDestinationException.class, () -> session.createBrowser(null, "= bad"));
        assertThrows(InvalidSelectorException.class, () -> session.createBrowser(queue, "= bad"));
        try (JMSContext context = factory().createContext()) {
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createBrowser(gone));
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createBrowser(null, "= bad"));
            assertThrows(InvalidSelectorRuntimeException.class, () -> context.createBrowser(queue, "= bad"));
        }
    }

    private static void answer(Session session, MessageConsumer requests) throws JMSException {
        MessageProducer replies = session.createProducer(null);
        requests.setMessageListener(request -> {
            try {
                replies.send(
                        request.getJMSReplyTo(), session.createTextMessage("re: " + ((TextMessage) request).getText()));
            } catch (JMSException failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    @Test
    @Checklist("17.11")
    void aQueueRequestorGetsItsAnswers() throws JMSException {
        Session server = connect().createSession();
        Queue queue = server.createQueue(name("requests"));
        answer(server, server.createConsumer(queue));
        PosthornConnectionFactory factory = new PosthornConnectionFactory(ServerTest.server.url());
        try (QueueConnection connection = factory.createQueueConnection()) {
            connection.start();
            QueueSession session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThrows(InvalidDestinationException.class, () -> new QueueRequestor(session, null));
            QueueRequestor requestor = new QueueRequestor(session, queue);
            for (String text : List.of("a", "b")) {
                TextMessage request = session.createTextMessage(text);
                TextMessage reply = assertInstanceOf(TextMessage.class, requestor.request(request));
                assertEquals("re: " + text, reply.getText());
                assertInstanceOf(TemporaryQueue.class, request.getJMSReplyTo());
            }
            TextMessage late = session.createTextMessage("late");
            requestor.close();
            assertThrows(JMSException.class, () -> requestor.request(late));
            assertThrows(jakarta.jms.IllegalStateException.class, session::createMessage);
            assertThrows(JMSException.class, () -> new QueueRequestor(session, queue));
        }
    }

    @Test
    @Checklist("17.11")
    void aTopicRequestorGetsItsAnswers() throws JMSException {
        Session server = connect().createSession();
        Topic topic = server.createTopic(name("requests"));
        answer(server, server.createConsumer(topic));
        PosthornConnectionFactory factory = new PosthornConnectionFactory(ServerTest.server.url());
        try (TopicConnection connection = factory.createTopicConnection()) {
            connection.start();
            TopicSession session = connection.createTopicSession(false, Session.DUPS_OK_ACKNOWLEDGE);
            assertThrows(InvalidDestinationException.class, () -> new TopicRequestor(session, null));
            TopicRequestor requestor = new TopicRequestor(session, topic);
            TextMessage request = session.createTextMessage("a");
            assertEquals("re: a", ((TextMessage) requestor.request(request)).getText());
            assertInstanceOf(TemporaryTopic.class, request.getJMSReplyTo());
            requestor.close();
            assertThrows(JMSException.class, () -> requestor.request(request));
            assertThrows(JMSException.class, () -> new TopicRequestor(session, topic));
        }
    }

    @Test
    @Checklist("17.06")
    void severalBrowsersAndAConsumerDoNotDisturbEachOther() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        send(session, queue, "a", "b", "c", "d");
        Enumeration<?> left = session.createBrowser(queue).getEnumeration();
        Enumeration<?> right = connect().createSession().createBrowser(queue).getEnumeration();
        assertEquals("a", ((TextMessage) left.nextElement()).getText());
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals("a", ((TextMessage) consumer.receive(COMES_MS)).getText());
        List<String> rest = texts(left);
        assertEquals(List.of("b", "c", "d"), rest);
        List<String> seen = texts(right);
        assertTrue(seen.equals(rest) || seen.size() == 4, () -> "a snapshot or what is there: " + seen);
        assertEquals(rest, texts(session.createBrowser(queue).getEnumeration()));
    }
}
