package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.Connection;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shared subscriptions, durable and not: their keys, who may join, when they end. */
class SharedSubscriptionsIT extends MessagingTest {

    private static List<String> sorted(String... texts) {
        List<String> list = new ArrayList<>(List.of(texts));
        Collections.sort(list);
        return list;
    }

    @Test
    @Checklist({"19.07", "19.02"})
    void aNonDurableOneLivesFromItsFirstConsumerToItsLast() throws JMSException {
        Session left = connect().createSession();
        Session right = connect().createSession();
        Topic topic = left.createTopic(name("topic"));
        MessageConsumer first = left.createSharedConsumer(topic, "s");
        MessageConsumer last = right.createSharedConsumer(topic, "s");
        first.close();
        send(left, topic, "kept for the last");
        assertEquals(List.of("kept for the last"), receive(last, 1));
        send(left, topic, "gone with the last");
        last.close();
        MessageConsumer fresh = left.createSharedConsumer(topic, "s");
        assertEquals(List.of(), rest(fresh));
        assertThrows(InvalidDestinationException.class, () -> left.unsubscribe("s"));
    }

    @Test
    @Checklist({"19.07", "19.20", "19.24"})
    void theClientIdIsPartOfTheKey() throws JMSException {
        Connection named = connect(name("id"));
        Session first = named.createSession();
        Session second = named.createSession();
        Session nameless = connect().createSession();
        Topic topic = first.createTopic(name("topic"));
        // With a client id only the sessions of its connection share.
        MessageConsumer one = first.createSharedConsumer(topic, "s");
        MessageConsumer two = second.createSharedConsumer(topic, "s");
        MessageConsumer apart = nameless.createSharedConsumer(topic, "s");
        MessageConsumer durableOne = first.createSharedDurableConsumer(topic, "d");
        MessageConsumer durableTwo = second.createSharedDurableConsumer(topic, "d");
        MessageConsumer durableApart = nameless.createSharedDurableConsumer(topic, "d");
        assertThrows(InvalidClientIDException.class, () -> connect(name("id")));
        send(first, topic, "a", "b");
        assertEquals(sorted("a", "b"), sorted(text(one.receive(COMES_MS)), text(two.receive(COMES_MS))));
        assertEquals(List.of("a", "b"), receive(apart, 2));
        assertEquals(sorted("a", "b"), sorted(text(durableOne.receive(COMES_MS)), text(durableTwo.receive(COMES_MS))));
        assertEquals(List.of("a", "b"), receive(durableApart, 2));
        for (MessageConsumer consumer : List.of(one, two, apart, durableOne, durableTwo, durableApart)) {
            assertEquals(List.of(), rest(consumer));
        }
        durableApart.close();
        nameless.unsubscribe("d");
        assertThrows(JMSException.class, () -> first.unsubscribe("d"));
        durableOne.close();
        durableTwo.close();
        first.unsubscribe("d");
    }

    @Test
    @Checklist("19.08")
    void aNonDurableOneInUseKeepsTopicAndSelector() throws JMSException {
        Session session = connect().createSession();
        Topic topic = session.createTopic(name("topic"));
        Topic other = session.createTopic(name("other"));
        MessageConsumer consumer = session.createSharedConsumer(topic, "s", "JMSPriority = 4");
        Session second = connect().createSession();
        assertThrows(JMSException.class, () -> second.createSharedConsumer(other, "s", "JMSPriority = 4"));
        assertThrows(JMSException.class, () -> second.createSharedConsumer(topic, "s"));
        assertThrows(JMSException.class, () -> second.createSharedConsumer(topic, "s", "JMSPriority = 5"));
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        assertThrows(JMSRuntimeException.class, () -> context.createSharedConsumer(topic, "s"));
        consumer.close();
        MessageConsumer fresh = second.createSharedConsumer(other, "s");
        send(session, other, "a");
        assertEquals(List.of("a"), receive(fresh, 1));
    }

    @Test
    @Checklist("19.09")
    void selectorsAreTheSameWhenTheirTextIs() throws JMSException {
        Session session = connect().createSession();
        Topic topic = session.createTopic(name("topic"));
        session.createSharedConsumer(topic, "none", null);
        session.createSharedConsumer(topic, "none", "");
        session.createSharedConsumer(topic, "none");
        session.createSharedConsumer(topic, "some", "n = 1");
        session.createSharedConsumer(topic, "some", "n = 1");
        assertThrows(JMSException.class, () -> session.createSharedConsumer(topic, "some", "n = 2"));
        session.createSharedDurableConsumer(topic, "none", null);
        session.createSharedDurableConsumer(topic, "none", "");
        assertThrows(JMSException.class, () -> session.createSharedDurableConsumer(topic, "none", "n = 1"));
    }

    @Test
    @Checklist("19.10")
    void durableAndNonDurableOfOneNameAreTwoThings() throws JMSException {
        Session session = connect(name("id")).createSession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer fleeting = session.createSharedConsumer(topic, "s");
        MessageConsumer durable = session.createSharedDurableConsumer(topic, "s");
        MessageConsumer unshared = session.createDurableConsumer(topic, "u");
        MessageConsumer beside = session.createSharedConsumer(topic, "u");
        send(session, topic, "for each");
        for (MessageConsumer consumer : List.of(fleeting, durable, unshared, beside)) {
            assertEquals(List.of("for each"), receive(consumer, 1));
            assertEquals(List.of(), rest(consumer));
            consumer.close();
        }
        session.unsubscribe("s");
        session.unsubscribe("u");
    }

    @Test
    @Checklist("19.11")
    void sharedOnesGetTheirConnectionsMessages() throws JMSException {
        Session session = connect(name("id")).createSession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer fleeting = session.createSharedConsumer(topic, "s");
        MessageConsumer durable = session.createSharedDurableConsumer(topic, "d");
        send(session, topic, "own");
        assertEquals(List.of("own"), receive(fleeting, 1));
        assertEquals(List.of("own"), receive(durable, 1));
    }

    @Test
    @Checklist({"19.21", "19.20"})
    void aDurableOneGivesEachMessageToOne() throws JMSException {
        Session left = connect().createSession();
        Session right = connect().createSession();
        Topic topic = left.createTopic(name("topic"));
        MessageConsumer one = left.createSharedDurableConsumer(topic, name("d"));
        MessageConsumer other = right.createSharedDurableConsumer(topic, name("d"));
        MessageConsumer sibling = right.createSharedDurableConsumer(topic, name("d"));
        send(left, topic, "a", "b", "c");
        assertEquals(List.of("a"), receive(other, 1));
        assertEquals(List.of("b"), receive(one, 1));
        assertEquals(List.of("c"), receive(sibling, 1));
        for (MessageConsumer consumer : List.of(one, other, sibling)) {
            assertEquals(List.of(), rest(consumer));
        }
    }

    @Test
    @Checklist("19.22")
    void aDurableOneChangesOnlyWhileNobodyUsesIt() throws JMSException {
        Session session = connect().createSession();
        Topic topic = session.createTopic(name("topic"));
        Topic other = session.createTopic(name("other"));
        String name = name("d");
        MessageConsumer consumer = session.createSharedDurableConsumer(topic, name);
        Session second = connect().createSession();
        assertThrows(JMSException.class, () -> second.createSharedDurableConsumer(other, name));
        assertThrows(JMSException.class, () -> second.createSharedDurableConsumer(topic, name, "n = 1"));
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        assertThrows(JMSRuntimeException.class, () -> context.createSharedDurableConsumer(topic, name, "n = 1"));
        consumer.close();
        send(session, topic, "old");
        MessageConsumer changed = second.createSharedDurableConsumer(topic, name, "JMSPriority = 4");
        assertEquals(List.of(), rest(changed));
        send(session, topic, "old, too");
        changed.close();
        MessageConsumer moved = second.createSharedDurableConsumer(other, name, "JMSPriority = 4");
        assertEquals(List.of(), rest(moved));
        send(session, other, "new");
        assertEquals(List.of("new"), receive(moved, 1));
        moved.close();
        session.unsubscribe(name);
    }

    @Test
    @Checklist("19.30")
    void whatOneConsumerReturnsTheOthersGet() throws JMSException {
        Connection connection = connect();
        Session holding = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Session other = connection.createSession();
        Topic topic = holding.createTopic(name("topic"));
        MessageConsumer holder = holding.createSharedConsumer(topic, "s");
        MessageConsumer waiting = other.createSharedConsumer(topic, "s");
        send(other, topic, "a", "b");
        assertEquals(List.of("a"), receive(holder, 1));
        holding.close();
        assertEquals(List.of("a", "b"), receive(waiting, 2));
    }
}
