package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.Connection;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Durable and shared subscriptions, client ids, temporary destinations, request and reply, browsers. */
class SubscriptionsIT extends ServerTest {

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    private static void publish(Session session, Topic topic, String... texts) throws JMSException {
        try (MessageProducer producer = session.createProducer(topic)) {
            for (String text : texts) {
                producer.send(session.createTextMessage(text));
            }
        }
    }

    @Test
    @Checklist({"19.12", "19.15", "19.25", "19.26", "19.27"})
    void aDurableSubscriptionOutlivesItsConsumerAndTheServer() throws JMSException {
        Session publisher = connect().createSession();
        Topic topic = publisher.createTopic(name("topic"));
        Connection first = connect("durable");
        Session session = first.createSession();
        MessageConsumer consumer = session.createDurableConsumer(topic, "invoices");
        publish(publisher, topic, "a");
        assertEquals("a", text(consumer.receive(COMES_MS)));
        assertThrows(JMSException.class, () -> session.unsubscribe("invoices"));
        first.close();
        publish(publisher, topic, "b");
        server.stop();
        server.start();
        Session again = connect("durable").createSession();
        MessageConsumer resumed = again.createDurableConsumer(topic, "invoices");
        assertEquals("b", text(resumed.receive(COMES_MS)));
        resumed.close();
        again.unsubscribe("invoices");
        assertThrows(InvalidDestinationException.class, () -> again.unsubscribe("invoices"));
    }

    @Test
    @Checklist({"19.13", "19.14"})
    void aDurableSubscriptionHasOneConsumerAndOneSelector() throws JMSException {
        Session session = connect("one").createSession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer consumer = session.createDurableConsumer(topic, "s");
        assertThrows(JMSException.class, () -> session.createDurableConsumer(topic, "s"));
        consumer.close();
        publish(session, topic, "old");
        MessageConsumer changed = session.createDurableConsumer(topic, "s", "n = 1", false);
        assertNull(changed.receiveNoWait());
        changed.close();
        session.unsubscribe("s");
    }

    @Test
    @Checklist({"19.07", "19.20", "19.21"})
    void aSharedSubscriptionGivesEachMessageToOne() throws JMSException {
        Session left = connect().createSession();
        Session right = connect().createSession();
        Topic topic = left.createTopic(name("topic"));
        MessageConsumer one = left.createSharedConsumer(topic, "shared");
        MessageConsumer other = right.createSharedConsumer(topic, "shared");
        publish(left, topic, "a", "b");
        List<String> got = new ArrayList<>(List.of(text(one.receive(COMES_MS)), text(other.receive(COMES_MS))));
        Collections.sort(got);
        assertEquals(List.of("a", "b"), got);
        assertNull(one.receiveNoWait());
        assertNull(other.receiveNoWait());
    }

    @Test
    @Checklist("19.06")
    void noLocalLeavesOutOnesOwn() throws JMSException {
        Session own = connect().createSession();
        Topic topic = own.createTopic(name("topic"));
        MessageConsumer consumer = own.createConsumer(topic, null, true);
        publish(own, topic, "own");
        publish(connect().createSession(), topic, "foreign");
        assertEquals("foreign", text(consumer.receive(COMES_MS)));
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist({"4.04", "4.07"})
    void aClientIdIsUniqueAndFreeAfterClose() throws JMSException {
        Connection first = connect("unique");
        assertThrows(InvalidClientIDException.class, () -> connect("unique"));
        first.close();
        connect("unique");
    }

    @Test
    @Checklist({"16.02", "17.05"})
    void badSelectorsAndDestinationsAreRefusedAtOnce() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        assertThrows(InvalidSelectorException.class, () -> session.createConsumer(queue, "= 'x'"));
        assertThrows(InvalidDestinationException.class, () -> session.createConsumer(null));
    }

    @Test
    @Checklist({"18.01", "18.02", "18.04", "18.06", "18.09"})
    void requestAndReplyOverATemporaryQueue() throws JMSException {
        Connection client = connect();
        Session session = client.createSession();
        TemporaryQueue replies = session.createTemporaryQueue();
        MessageConsumer reply = session.createConsumer(replies);
        Message request = session.createTextMessage("ping");
        request.setJMSReplyTo(replies);
        session.createProducer(session.createQueue(name("requests"))).send(request);

        Session server = connect().createSession();
        Message received =
                server.createConsumer(server.createQueue(name("requests"))).receive(COMES_MS);
        assertEquals("ping", text(received));
        assertThrows(JMSException.class, () -> server.createConsumer(received.getJMSReplyTo()));
        server.createProducer(null).send(received.getJMSReplyTo(), server.createTextMessage("pong"));

        assertEquals("pong", text(reply.receive(COMES_MS)));
        assertThrows(JMSException.class, replies::delete);
        reply.close();
        replies.delete();
        assertThrows(JMSException.class, () -> session.createConsumer(replies));
    }

    @Test
    @Checklist({"17.06", "17.07"})
    void aBrowserLooksWithoutTaking() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        for (String text : List.of("a", "b", "c")) {
            producer.send(session.createTextMessage(text));
        }
        try (QueueBrowser browser = session.createBrowser(queue)) {
            List<String> seen = new ArrayList<>();
            for (Enumeration<?> messages = browser.getEnumeration(); messages.hasMoreElements(); ) {
                seen.add(((TextMessage) messages.nextElement()).getText());
            }
            assertEquals(List.of("a", "b", "c"), seen);
        }
        Message first = session.createConsumer(queue).receive(COMES_MS);
        assertEquals("a", text(first));
        assertEquals(1, first.getIntProperty("JMSXDeliveryCount"));
    }
}
