package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import org.junit.jupiter.api.Test;

/** The connection definitions of QueueConnectionFactory and TopicConnectionFactory. */
class FamiliesIT extends AdapterTest {

    private final PosthornQueueManagedConnectionFactory ofQueues = new PosthornQueueManagedConnectionFactory();
    private final PosthornTopicManagedConnectionFactory ofTopics = new PosthornTopicManagedConnectionFactory();
    private final SmallContainer queues = new SmallContainer(ofQueues);
    private final SmallContainer topics = new SmallContainer(ofTopics);

    private QueueConnectionFactory queueFactory() throws Exception {
        ofQueues.setConnectionUrl(server.url());
        return (QueueConnectionFactory) queues.lookup();
    }

    private TopicConnectionFactory topicFactory() throws Exception {
        ofTopics.setConnectionUrl(server.url());
        return (TopicConnectionFactory) topics.lookup();
    }

    @Override
    void shutDown() throws Exception {
        queues.shutDown();
        topics.shutDown();
        super.shutDown();
    }

    @Test
    void queuesWorkAndTopicsAreRefused() throws Exception {
        try (QueueConnection connection = queueFactory().createQueueConnection()) {
            QueueSession session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            Queue queue = session.createQueue(name("q"));
            session.createSender(queue).send(session.createTextMessage("sent"));
            connection.start();
            TextMessage message = (TextMessage) session.createReceiver(queue).receive(COMES_MS);
            assertEquals("sent", message.getText());
            Topic topic = new AdministeredTopic();
            ((AdministeredTopic) topic).setName("t");
            assertThrows(IllegalStateException.class, () -> session.createTopic("t"));
            assertThrows(IllegalStateException.class, session::createTemporaryTopic);
            assertThrows(IllegalStateException.class, () -> session.createDurableSubscriber(topic, "s"));
            assertThrows(IllegalStateException.class, () -> session.createSharedConsumer(topic, "s"));
            assertThrows(IllegalStateException.class, () -> session.unsubscribe("s"));
            assertThrows(InvalidDestinationException.class, () -> session.createConsumer(topic));
            assertThrows(InvalidDestinationException.class, () -> session.createProducer(topic));
        }
    }

    @Test
    void topicsWorkAndQueuesAreRefused() throws Exception {
        try (TopicConnection connection = topicFactory().createTopicConnection()) {
            TopicSession session = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
            Topic topic = session.createTopic(name("t"));
            TopicSubscriber subscriber = session.createSubscriber(topic);
            connection.start();
            session.createPublisher(topic).publish(session.createTextMessage("published"));
            assertEquals("published", ((TextMessage) subscriber.receive(COMES_MS)).getText());
            assertThrows(IllegalStateException.class, () -> session.createQueue("q"));
            assertThrows(IllegalStateException.class, session::createTemporaryQueue);
            assertThrows(IllegalStateException.class, () -> session.createBrowser(null));
        }
    }

    @Test
    void bothServeTheNewerApisWithoutLimits() throws Exception {
        try (JMSContext context = queueFactory().createContext()) {
            context.createProducer().send(context.createTopic(name("t")), "to a topic");
        }
        try (JMSContext context = topicFactory().createContext()) {
            context.createProducer().send(context.createQueue(name("q")), "to a queue");
        }
        assertEquals("to a queue", take("q"));
    }
}
