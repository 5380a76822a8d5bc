package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicSession;
import org.junit.jupiter.api.Test;

/** Queue and topic objects refuse the methods that they inherit from the other domain. */
class DomainsIT extends ConformanceTest {

    @Test
    @Checklist({"8.02", "8.08"})
    void queueConnectionsMakeNoSubscriptionConsumers() throws JMSException {
        QueueConnection connection = queueConnection();
        Topic topic = connection.createSession().createTopic(name("topic"));
        assertThrows(
                IllegalStateException.class,
                () -> connection.createDurableConnectionConsumer(topic, "s", null, () -> null, 1));
        assertThrows(
                IllegalStateException.class,
                () -> connection.createSharedConnectionConsumer(topic, "s", null, () -> null, 1));
        assertThrows(
                IllegalStateException.class,
                () -> connection.createSharedDurableConnectionConsumer(topic, "s", null, () -> null, 1));
    }

    @Test
    @Checklist({"8.02", "8.05", "8.09", "19.28"})
    void queueSessionsRefuseTopicMethods() throws JMSException {
        QueueSession session = queueConnection().createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
        for (Topic topic : new Topic[] {connect().createSession().createTopic(name("topic")), null}) {
            assertThrows(IllegalStateException.class, () -> session.createDurableSubscriber(topic, "s"));
            assertThrows(IllegalStateException.class, () -> session.createDurableSubscriber(topic, "s", "=", true));
            assertThrows(IllegalStateException.class, () -> session.createDurableConsumer(topic, "s"));
            assertThrows(IllegalStateException.class, () -> session.createDurableConsumer(topic, "s", "=", true));
            assertThrows(IllegalStateException.class, () -> session.createSharedConsumer(topic, "s"));
            assertThrows(IllegalStateException.class, () -> session.createSharedConsumer(topic, "s", "="));
            assertThrows(IllegalStateException.class, () -> session.createSharedDurableConsumer(topic, "s"));
            assertThrows(IllegalStateException.class, () -> session.createSharedDurableConsumer(topic, "s", "="));
        }
        assertThrows(IllegalStateException.class, session::createTemporaryTopic);
        assertThrows(IllegalStateException.class, () -> session.createTopic(name("topic")));
        assertThrows(IllegalStateException.class, () -> session.unsubscribe("s"));
    }

    @Test
    @Checklist({"8.02", "8.05", "8.10"})
    void topicSessionsRefuseQueueMethods() throws JMSException {
        TopicSession session = topicConnection().createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        for (Queue queue : new Queue[] {connect().createSession().createQueue(name("queue")), null}) {
            assertThrows(IllegalStateException.class, () -> session.createBrowser(queue));
            assertThrows(IllegalStateException.class, () -> session.createBrowser(queue, "="));
        }
        assertThrows(IllegalStateException.class, () -> session.createQueue(name("queue")));
        assertThrows(IllegalStateException.class, session::createTemporaryQueue);
    }

    @Test
    @Checklist("8.11")
    void destinationsOfTheOtherDomainAreInvalid() throws JMSException {
        Session general = connect().createSession();
        Queue queue = general.createQueue(name("queue"));
        Topic topic = general.createTopic(name("topic"));
        QueueSession queues = queueConnection().createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
        assertThrows(InvalidDestinationException.class, () -> queues.createConsumer(topic));
        assertThrows(InvalidDestinationException.class, () -> queues.createProducer(topic));
        TopicSession topics = topicConnection().createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        assertThrows(InvalidDestinationException.class, () -> topics.createConsumer(queue));
        assertThrows(InvalidDestinationException.class, () -> topics.createProducer(queue));
    }
}
