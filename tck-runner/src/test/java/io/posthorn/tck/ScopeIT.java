package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.QueueReceiver;
import jakarta.jms.QueueSender;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import org.junit.jupiter.api.Test;

/** Both domains in all three APIs, from plain Java. */
class ScopeIT extends ConformanceTest {

    @Test
    @Checklist("1.01")
    void theClassicApiServesQueuesAndTopics() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer fromQueue = session.createConsumer(queue);
        MessageConsumer fromTopic = session.createConsumer(topic);
        MessageProducer producer = session.createProducer(null);
        producer.send(queue, session.createTextMessage("to the queue"));
        producer.send(topic, session.createTextMessage("to the topic"));
        assertEquals("to the queue", text(fromQueue.receive(COMES_MS)));
        assertEquals("to the topic", text(fromTopic.receive(COMES_MS)));
    }

    @Test
    @Checklist("1.01")
    void theSimplifiedApiServesQueuesAndTopics() {
        JMSContext context = context();
        Queue queue = context.createQueue(name("queue"));
        Topic topic = context.createTopic(name("topic"));
        JMSConsumer fromQueue = context.createConsumer(queue);
        JMSConsumer fromTopic = context.createConsumer(topic);
        context.createProducer().send(queue, "to the queue").send(topic, "to the topic");
        assertEquals("to the queue", fromQueue.receiveBody(String.class, COMES_MS));
        assertEquals("to the topic", fromTopic.receiveBody(String.class, COMES_MS));
    }

    @Test
    @Checklist("1.01")
    void theDomainSpecificApisServeTheirs() throws JMSException {
        QueueConnection queues = queueConnection();
        QueueSession queueSession = queues.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
        Queue queue = queueSession.createQueue(name("queue"));
        QueueReceiver receiver = queueSession.createReceiver(queue);
        QueueSender sender = queueSession.createSender(queue);
        queues.start();
        sender.send(queueSession.createTextMessage("to the queue"));
        assertEquals("to the queue", text(receiver.receive(COMES_MS)));

        TopicConnection topics = topicConnection();
        TopicSession topicSession = topics.createTopicSession(true, 0);
        Topic topic = topicSession.createTopic(name("topic"));
        TopicSubscriber subscriber = topicSession.createSubscriber(topic, null, false);
        TopicPublisher publisher = topicSession.createPublisher(topic);
        topics.start();
        publisher.publish(topicSession.createTextMessage("to the topic"));
        topicSession.commit();
        assertEquals("to the topic", text(subscriber.receive(COMES_MS)));
        topicSession.commit();
    }

    @Test
    @Checklist("1.04")
    void oneFactoryIsAllThreeKinds() throws JMSException {
        QueueConnectionFactory queues = domainFactory();
        TopicConnectionFactory topics = domainFactory();
        for (Object either : new Object[] {queues, topics}) {
            ConnectionFactory general = assertInstanceOf(ConnectionFactory.class, either);
            try (Connection connection = general.createConnection();
                    JMSContext context = general.createContext()) {
                assertNotNull(connection.createSession());
                assertNotNull(context.createProducer());
            }
        }
        assertInstanceOf(TopicConnectionFactory.class, queues);
        assertInstanceOf(QueueConnectionFactory.class, topics);
        queues.createQueueConnection().close();
        topics.createTopicConnection().close();
    }

    @Test
    @Checklist("1.05")
    void inheritedMethodsWorkOnQueueObjects() throws JMSException {
        QueueConnection connection = queueConnection();
        connection.start();
        Session general = connection.createSession(true, 0);
        assertEquals(Session.SESSION_TRANSACTED, general.getAcknowledgeMode());
        QueueSession session = connection.createQueueSession(false, Session.CLIENT_ACKNOWLEDGE);
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        MessageConsumer consumer = session.createConsumer(queue, "colour = 'red'");
        producer.send(session.createTextMessage("colourless"));
        TextMessage red = session.createTextMessage("red");
        red.setStringProperty("colour", "red");
        producer.send(red);
        assertEquals("red", text(consumer.receive(COMES_MS)));
        session.recover();
        assertEquals("red", text(consumer.receive(COMES_MS)));
        QueueSender sender = session.createSender(null);
        sender.send((Destination) queue, session.createTextMessage("by the inherited send"));
        assertEquals(queue, session.createReceiver(queue).getQueue());
    }

    @Test
    @Checklist("1.05")
    void inheritedMethodsWorkOnTopicObjects() throws JMSException {
        TopicConnection connection = topicConnection();
        connection.setClientID(name("client"));
        connection.start();
        TopicSession session = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer plain = session.createConsumer(topic, null, true);
        MessageConsumer durable = session.createDurableConsumer(topic, "durable");
        MessageConsumer shared = session.createSharedConsumer(topic, "shared");
        TopicPublisher publisher = session.createPublisher(topic);
        publisher.send(session.createTextMessage("by the inherited send"));
        assertEquals("by the inherited send", text(durable.receive(COMES_MS)));
        assertEquals("by the inherited send", text(shared.receive(COMES_MS)));
        assertNull(plain.receiveNoWait());
        durable.close();
        session.unsubscribe("durable");
    }
}
