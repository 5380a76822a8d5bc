package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueReceiver;
import jakarta.jms.QueueSender;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every method of a closed object of the classic and domain-specific APIs is refused, whatever its arguments, however it was closed. */
class ClosedObjectsIT extends ConformanceTest {

    /** What is closed to close an object. */
    private enum Closing {
        ITSELF,
        SESSION,
        CONNECTION;

        void close(Connection connection, Session session, AutoCloseable object) throws Exception {
            switch (this) {
                case ITSELF -> object.close();
                case SESSION -> session.close();
                case CONNECTION -> connection.close();
            }
        }
    }

    /** A message nobody may touch. */
    private static final Message FOREIGN = (Message) Proxy.newProxyInstance(
            ClosedObjectsIT.class.getClassLoader(), new Class<?>[] {Message.class}, (proxy, method, arguments) -> {
                throw new AssertionError(method + " of a message that is not to be sent");
            });

    private static final CompletionListener SILENT = new CompletionListener() {
        @Override
        public void onCompletion(Message message) {
            throw new AssertionError("nothing was sent");
        }

        @Override
        public void onException(Message message, Exception exception) {
            throw new AssertionError("nothing was sent", exception);
        }
    };

    private static void assertRefused(Map<String, Executable> calls) {
        assertAll(calls.entrySet().stream()
                .map(call -> () -> assertThrows(IllegalStateException.class, call.getValue(), call.getKey())));
    }

    // ---- connections

    @Test
    @Checklist({"6.07", "6.08"})
    void closedConnections() throws JMSException {
        Connection connection = connect();
        QueueConnection queues = queueConnection();
        TopicConnection topics = topicConnection();
        Map<String, Executable> calls = new LinkedHashMap<>();
        for (Connection closed : new Connection[] {connection, queues, topics}) {
            closed.close();
            calls.clear();
            addConnectionCalls(calls, closed);
            assertRefused(calls);
        }
        calls.clear();
        calls.put("createQueueSession", () -> queues.createQueueSession(false, -1));
        calls.put(
                "createConnectionConsumer of queues",
                () -> queues.createConnectionConsumer((Queue) null, "=", null, 0));
        calls.put("createTopicSession", () -> topics.createTopicSession(false, -1));
        calls.put(
                "createConnectionConsumer of topics",
                () -> topics.createConnectionConsumer((Topic) null, "=", null, 0));
        assertRefused(calls);
    }

    private static void addConnectionCalls(Map<String, Executable> calls, Connection closed) {
        calls.put("createSession()", closed::createSession);
        calls.put("createSession(mode)", () -> closed.createSession(-1));
        calls.put("createSession(transacted, mode)", () -> closed.createSession(false, -1));
        calls.put("createConnectionConsumer", () -> closed.createConnectionConsumer((Destination) null, "=", null, 0));
        calls.put("createDurable…", () -> closed.createDurableConnectionConsumer(null, null, "=", null, 0));
        calls.put("createShared…", () -> closed.createSharedConnectionConsumer(null, null, "=", null, 0));
        calls.put("createSharedDurable…", () -> closed.createSharedDurableConnectionConsumer(null, null, "=", null, 0));
        calls.put("getClientID", closed::getClientID);
        calls.put("setClientID", () -> closed.setClientID(null));
        calls.put("getMetaData", closed::getMetaData);
        calls.put("getExceptionListener", closed::getExceptionListener);
        calls.put("setExceptionListener", () -> closed.setExceptionListener(null));
        calls.put("start", closed::start);
        calls.put("stop", closed::stop);
    }

    // ---- sessions

    @ParameterizedTest
    @EnumSource
    @Checklist({"6.07", "6.09"})
    void closedSessions(Closing closing) throws Exception {
        for (boolean transacted : new boolean[] {true, false}) {
            Connection connection = connect();
            Session session = connection.createSession(transacted, Session.AUTO_ACKNOWLEDGE);
            closing.close(connection, session, session);
            assertRefused(sessionCalls(session));
        }
        QueueConnection queueConnection = queueConnection();
        QueueSession queues = queueConnection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
        closing.close(queueConnection, queues, queues);
        Map<String, Executable> calls = sessionCalls(queues);
        calls.put("createSender", () -> queues.createSender(null));
        calls.put("createReceiver", () -> queues.createReceiver(null));
        calls.put("createReceiver with selector", () -> queues.createReceiver(null, "="));
        assertRefused(calls);
        TopicConnection topicConnection = topicConnection();
        TopicSession topics = topicConnection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        closing.close(topicConnection, topics, topics);
        calls = sessionCalls(topics);
        calls.put("createPublisher", () -> topics.createPublisher(null));
        calls.put("createSubscriber", () -> topics.createSubscriber(null));
        calls.put("createSubscriber with selector", () -> topics.createSubscriber(null, "=", true));
        assertRefused(calls);
    }

    private static Map<String, Executable> sessionCalls(Session closed) {
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("createBytesMessage", closed::createBytesMessage);
        calls.put("createMapMessage", closed::createMapMessage);
        calls.put("createMessage", closed::createMessage);
        calls.put("createObjectMessage()", closed::createObjectMessage);
        calls.put("createObjectMessage(object)", () -> closed.createObjectMessage(new Unserializable()));
        calls.put("createStreamMessage", closed::createStreamMessage);
        calls.put("createTextMessage()", closed::createTextMessage);
        calls.put("createTextMessage(text)", () -> closed.createTextMessage("x"));
        calls.put("getTransacted", closed::getTransacted);
        calls.put("getAcknowledgeMode", closed::getAcknowledgeMode);
        calls.put("commit", closed::commit);
        calls.put("rollback", closed::rollback);
        calls.put("recover", closed::recover);
        calls.put("getMessageListener", closed::getMessageListener);
        calls.put("setMessageListener", () -> closed.setMessageListener(null));
        calls.put("createProducer", () -> closed.createProducer(null));
        calls.put("createConsumer", () -> closed.createConsumer(null));
        calls.put("createConsumer with selector", () -> closed.createConsumer(null, "="));
        calls.put("createConsumer with noLocal", () -> closed.createConsumer(null, "=", true));
        calls.put("createSharedConsumer", () -> closed.createSharedConsumer(null, null));
        calls.put("createSharedConsumer with selector", () -> closed.createSharedConsumer(null, null, "="));
        calls.put("createDurableConsumer", () -> closed.createDurableConsumer(null, null));
        calls.put("createDurableConsumer, all", () -> closed.createDurableConsumer(null, null, "=", true));
        calls.put("createDurableSubscriber", () -> closed.createDurableSubscriber(null, null));
        calls.put("createDurableSubscriber, all", () -> closed.createDurableSubscriber(null, null, "=", true));
        calls.put("createSharedDurableConsumer", () -> closed.createSharedDurableConsumer(null, null));
        calls.put("createSharedDurableConsumer, all", () -> closed.createSharedDurableConsumer(null, null, "="));
        calls.put("createBrowser", () -> closed.createBrowser(null));
        calls.put("createBrowser with selector", () -> closed.createBrowser(null, "="));
        calls.put("createQueue", () -> closed.createQueue(null));
        calls.put("createTopic", () -> closed.createTopic(null));
        calls.put("createTemporaryQueue", closed::createTemporaryQueue);
        calls.put("createTemporaryTopic", closed::createTemporaryTopic);
        calls.put("unsubscribe", () -> closed.unsubscribe(null));
        return calls;
    }

    /** Says it can be serialized, and cannot. */
    private static final class Unserializable implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object writeReplace() {
            throw new AssertionError("serialized for a closed session");
        }
    }

    // ---- producers

    @ParameterizedTest
    @EnumSource
    @Checklist({"6.07", "6.10"})
    void closedProducers(Closing closing) throws Exception {
        for (boolean identified : new boolean[] {true, false}) {
            Connection connection = connect();
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(identified ? session.createQueue(name("queue")) : null);
            closing.close(connection, session, producer);
            assertRefused(producerCalls(producer));
        }
        QueueConnection queueConnection = queueConnection();
        QueueSession queues = queueConnection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
        QueueSender sender = queues.createSender(null);
        closing.close(queueConnection, queues, sender);
        Map<String, Executable> calls = producerCalls(sender);
        calls.put("getQueue", sender::getQueue);
        calls.put("send to queue", () -> sender.send((Queue) null, FOREIGN));
        calls.put("send to queue, all", () -> sender.send((Queue) null, FOREIGN, -1, -1, -1));
        assertRefused(calls);
        TopicConnection topicConnection = topicConnection();
        TopicSession topics = topicConnection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        TopicPublisher publisher = topics.createPublisher(null);
        closing.close(topicConnection, topics, publisher);
        calls = producerCalls(publisher);
        calls.put("getTopic", publisher::getTopic);
        calls.put("publish", () -> publisher.publish(FOREIGN));
        calls.put("publish, all", () -> publisher.publish(FOREIGN, -1, -1, -1));
        calls.put("publish to topic", () -> publisher.publish(null, FOREIGN));
        calls.put("publish to topic, all", () -> publisher.publish(null, FOREIGN, -1, -1, -1));
        assertRefused(calls);
    }

    private static Map<String, Executable> producerCalls(MessageProducer closed) {
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("getDestination", closed::getDestination);
        calls.put("getDeliveryMode", closed::getDeliveryMode);
        calls.put("setDeliveryMode", () -> closed.setDeliveryMode(-1));
        calls.put("getPriority", closed::getPriority);
        calls.put("setPriority", () -> closed.setPriority(-1));
        calls.put("getTimeToLive", closed::getTimeToLive);
        calls.put("setTimeToLive", () -> closed.setTimeToLive(-1));
        calls.put("getDeliveryDelay", closed::getDeliveryDelay);
        calls.put("setDeliveryDelay", () -> closed.setDeliveryDelay(-1));
        calls.put("getDisableMessageID", closed::getDisableMessageID);
        calls.put("setDisableMessageID", () -> closed.setDisableMessageID(true));
        calls.put("getDisableMessageTimestamp", closed::getDisableMessageTimestamp);
        calls.put("setDisableMessageTimestamp", () -> closed.setDisableMessageTimestamp(true));
        for (Message message : new Message[] {null, FOREIGN}) {
            String of = message == null ? " of null" : " of a foreign message";
            calls.put("send" + of, () -> closed.send(message));
            calls.put("send, all" + of, () -> closed.send(message, -1, -1, -1));
            calls.put("send to" + of, () -> closed.send(null, message));
            calls.put("send to, all" + of, () -> closed.send(null, message, -1, -1, -1));
            calls.put("send async" + of, () -> closed.send(message, SILENT));
            calls.put("send async, all" + of, () -> closed.send(message, -1, -1, -1, SILENT));
            calls.put("send async to" + of, () -> closed.send(null, message, SILENT));
            calls.put("send async to, all" + of, () -> closed.send(null, message, -1, -1, -1, SILENT));
        }
        calls.put("send without listener", () -> closed.send(null, FOREIGN, (CompletionListener) null));
        return calls;
    }

    // ---- consumers and browsers

    @ParameterizedTest
    @EnumSource
    @Checklist({"6.07", "6.11", "22.11"})
    void closedConsumers(Closing closing) throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        closing.close(connection, session, consumer);
        assertRefused(consumerCalls(consumer));

        QueueConnection queueConnection = queueConnection();
        QueueSession queues = queueConnection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
        QueueReceiver receiver = queues.createReceiver(queues.createQueue(name("queue")));
        closing.close(queueConnection, queues, receiver);
        Map<String, Executable> calls = consumerCalls(receiver);
        calls.put("getQueue", receiver::getQueue);
        assertRefused(calls);

        TopicConnection topicConnection = topicConnection();
        TopicSession topics = topicConnection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        TopicSubscriber subscriber = topics.createSubscriber(topics.createTopic(name("topic")));
        closing.close(topicConnection, topics, subscriber);
        calls = consumerCalls(subscriber);
        calls.put("getTopic", subscriber::getTopic);
        calls.put("getNoLocal", subscriber::getNoLocal);
        assertRefused(calls);
    }

    private static Map<String, Executable> consumerCalls(MessageConsumer closed) {
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("receive()", closed::receive);
        calls.put("receive(timeout)", () -> closed.receive(-1));
        calls.put("receiveNoWait", closed::receiveNoWait);
        calls.put("getMessageSelector", closed::getMessageSelector);
        calls.put("getMessageListener", closed::getMessageListener);
        calls.put("setMessageListener", () -> closed.setMessageListener(message -> {}));
        calls.put("setMessageListener(null)", () -> closed.setMessageListener(null));
        return calls;
    }

    @ParameterizedTest
    @EnumSource
    @Checklist({"6.07", "6.12"})
    void closedBrowsers(Closing closing) throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        QueueBrowser browser = session.createBrowser(session.createQueue(name("queue")), "n = 1");
        closing.close(connection, session, browser);
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("getQueue", browser::getQueue);
        calls.put("getMessageSelector", browser::getMessageSelector);
        calls.put("getEnumeration", browser::getEnumeration);
        assertRefused(calls);
    }
}
