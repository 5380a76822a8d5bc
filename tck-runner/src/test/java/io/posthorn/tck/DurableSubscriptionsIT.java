package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unshared durable subscriptions: their key, what changes them, how they end. */
class DurableSubscriptionsIT extends MessagingTest {

    @Test
    @Checklist("19.03")
    void namesOf128CharactersAreKeptApart() throws JMSException {
        Session session = connect(name("id")).createSession();
        Topic topic = session.createTopic(name("topic"));
        String stem = "aZ09_.-" + "x".repeat(120);
        MessageConsumer one = session.createDurableConsumer(topic, stem + "1");
        MessageConsumer other = session.createDurableConsumer(topic, stem + "2", "FALSE", false);
        MessageConsumer shared = session.createSharedDurableConsumer(topic, stem + "3");
        MessageConsumer fleeting = session.createSharedConsumer(topic, stem + "4");
        send(session, topic, "a");
        assertEquals("a", text(one.receive(COMES_MS)));
        assertEquals("a", text(shared.receive(COMES_MS)));
        assertEquals("a", text(fleeting.receive(COMES_MS)));
        assertNull(other.receiveNoWait());
        one.close();
        session.unsubscribe(stem + "1");
        assertThrows(InvalidDestinationException.class, () -> session.unsubscribe(stem + "1"));
        assertThrows(JMSException.class, () -> session.unsubscribe(stem + "2"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "")
    @Checklist("19.04")
    void aSubscriptionNeedsAName(String none) throws JMSException {
        Session session = connect(name("id" + none)).createSession();
        Topic topic = session.createTopic(name("topic"));
        assertThrows(InvalidDestinationException.class, () -> session.createDurableConsumer(topic, none));
        assertThrows(InvalidDestinationException.class, () -> session.createDurableSubscriber(topic, none));
        assertThrows(InvalidDestinationException.class, () -> session.createSharedDurableConsumer(topic, none));
        assertThrows(InvalidDestinationException.class, () -> session.createSharedConsumer(topic, none));
        assertThrows(InvalidDestinationException.class, () -> session.unsubscribe(none));
        JMSContext context = context(name("context" + none));
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.createDurableConsumer(topic, none));
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.createSharedDurableConsumer(topic, none));
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.createSharedConsumer(topic, none));
    }

    @Test
    @Checklist({"19.12", "28.13"})
    void aClientIdIsNeeded() throws JMSException {
        Session session = connect().createSession();
        Topic topic = session.createTopic(name("topic"));
        assertThrows(IllegalStateException.class, () -> session.createDurableConsumer(topic, "s"));
        assertThrows(IllegalStateException.class, () -> session.createDurableConsumer(topic, "s", "n = 1", true));
        assertThrows(IllegalStateException.class, () -> session.createDurableSubscriber(topic, "s"));
        assertThrows(IllegalStateException.class, () -> session.createDurableSubscriber(topic, "s", "n = 1", true));
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        assertThrows(IllegalStateRuntimeException.class, () -> context.createDurableConsumer(topic, "s"));
        assertThrows(
                IllegalStateRuntimeException.class, () -> context.createDurableConsumer(topic, "s", "n = 1", false));
        // A refused call is no action: the client id may still be set, and then it works.
        context.setClientID(name("late"));
        context.createDurableConsumer(topic, "s").close();
        context.unsubscribe("s");
    }

    @Test
    @Checklist("19.33")
    void theTopicIsCheckedBeforeTheSelectorAndTheClientId() throws JMSException {
        Session session = connect().createSession();
        Topic topic = session.createTopic(name("topic"));
        assertThrows(InvalidDestinationException.class, () -> session.createDurableConsumer(null, "s"));
        assertThrows(InvalidDestinationException.class, () -> session.createDurableConsumer(null, "s", "= 1", false));
        assertThrows(InvalidDestinationException.class, () -> session.createDurableSubscriber(null, "s"));
        assertThrows(InvalidDestinationException.class, () -> session.createSharedConsumer(null, "s", "= 1"));
        assertThrows(InvalidDestinationException.class, () -> session.createSharedDurableConsumer(null, "s", "= 1"));
        assertThrows(InvalidSelectorException.class, () -> session.createSharedConsumer(topic, "s", "= 1"));
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.createDurableConsumer(null, "s"));
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.createSharedConsumer(null, "s", "= 'x'"));
    }

    @Test
    @Checklist("19.13")
    void oneActiveConsumerWhateverItAsksFor() throws JMSException {
        Connection connection = connect(name("id"));
        Session session = connection.createSession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer active = session.createDurableConsumer(topic, "s");
        Session second = connection.createSession();
        Topic elsewhere = session.createTopic(name("elsewhere"));
        assertThrows(JMSException.class, () -> second.createDurableConsumer(topic, "s"));
        assertThrows(JMSException.class, () -> second.createDurableSubscriber(topic, "s", "n = 1", false));
        assertThrows(JMSException.class, () -> second.createDurableConsumer(elsewhere, "s"));
        send(second, topic, "undisturbed");
        assertEquals("undisturbed", text(active.receive(COMES_MS)));
    }

    @Test
    @Checklist("19.14")
    void anotherTopicSelectorOrNoLocalBeginsAnew() throws JMSException {
        Session session = connect(name("id")).createSession();
        Session publisher = connect().createSession();
        Topic topic = session.createTopic(name("topic"));
        Topic other = session.createTopic(name("other"));
        session.createDurableConsumer(topic, "s").close();
        send(publisher, topic, "old");
        MessageConsumer changed = session.createDurableConsumer(topic, "s", "JMSPriority = 4", false);
        assertEquals(List.of(), rest(changed));
        send(publisher, topic, "for the selector");
        changed.close();
        changed = session.createDurableConsumer(topic, "s", "JMSPriority = 4", true);
        assertEquals(List.of(), rest(changed));
        send(publisher, topic, "for noLocal");
        changed.close();
        changed = session.createDurableConsumer(other, "s", "JMSPriority = 4", true);
        assertEquals(List.of(), rest(changed));
        send(publisher, topic, "not wanted any more");
        send(publisher, other, "new");
        assertEquals("new", text(changed.receive(COMES_MS)));
        assertEquals(List.of(), rest(changed));
        changed.close();
        // Same settings: nothing is lost.
        send(publisher, other, "kept");
        changed = session.createDurableConsumer(other, "s", "JMSPriority = 4", true);
        assertEquals(List.of("kept"), receive(changed, 1));
        changed.close();
        session.unsubscribe("s");
    }

    @Test
    @Checklist("19.09")
    void noSelectorIsTheSameInEveryForm() throws JMSException {
        Session session = connect(name("id")).createSession();
        Topic topic = session.createTopic(name("topic"));
        session.createDurableConsumer(topic, "s", null, false).close();
        send(session, topic, "kept");
        session.createDurableConsumer(topic, "s", "", false).close();
        MessageConsumer resumed = session.createDurableConsumer(topic, "s");
        assertEquals(List.of("kept"), receive(resumed, 1));
        resumed.close();
        session.createDurableConsumer(topic, "s", "n = 1", false).close();
        send(session, topic, "does not match");
        MessageConsumer plain = session.createDurableConsumer(topic, "s", "", false);
        assertEquals(List.of(), rest(plain));
    }

    @Test
    @Checklist({"19.16", "19.23"})
    void sharedAndUnsharedCannotHaveOneName() throws JMSException {
        Session session = connect(name("id")).createSession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer shared = session.createSharedDurableConsumer(topic, "shared");
        MessageConsumer unshared = session.createDurableConsumer(topic, "unshared");
        for (int round = 0; round < 2; round++) {
            assertThrows(JMSException.class, () -> session.createDurableConsumer(topic, "shared"));
            assertThrows(JMSException.class, () -> session.createDurableSubscriber(topic, "shared"));
            assertThrows(JMSException.class, () -> session.createSharedDurableConsumer(topic, "unshared"));
            // The same holds while they are inactive.
            shared.close();
            unshared.close();
        }
        JMSContext context = context(name("context"));
        context.createDurableConsumer(topic, "unshared").close();
        assertThrows(JMSRuntimeException.class, () -> context.createSharedDurableConsumer(topic, "unshared"));
    }

    @Test
    @Checklist("19.17")
    void noLocalCountsForTheClientIdAndWhileInactive() throws JMSException {
        Connection first = connect(name("id"));
        Session session = first.createSession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer consumer = session.createDurableConsumer(topic, "s", null, true);
        send(session, topic, "own");
        Session foreign = connect().createSession();
        send(foreign, topic, "foreign 1");
        assertEquals(List.of("foreign 1"), receive(consumer, 1));
        first.close();
        // Another connection with this client id, while the subscription has no consumer.
        Connection again = connect(name("id"));
        Session later = again.createSession();
        send(later, topic, "own, too");
        Session transacted = again.createSession(Session.SESSION_TRANSACTED);
        send(transacted, topic, "own in a transaction");
        transacted.commit();
        send(foreign, topic, "foreign 2");
        MessageConsumer resumed = later.createDurableConsumer(topic, "s", null, true);
        assertEquals(List.of("foreign 2"), receive(resumed, 1));
        assertEquals(List.of(), rest(resumed));
    }

    @Test
    @Checklist({"19.18", "19.19"})
    void aDurableSubscriberIsADurableConsumer() throws JMSException {
        Session session = connect(name("id")).createSession();
        Topic topic = session.createTopic(name("topic"));
        TopicSubscriber subscriber = session.createDurableSubscriber(topic, "s");
        assertEquals(topic, subscriber.getTopic());
        assertFalse(subscriber.getNoLocal());
        assertThrows(JMSException.class, () -> session.createDurableConsumer(topic, "s"));
        subscriber.close();
        send(session, topic, "for whoever comes");
        MessageConsumer consumer = session.createDurableConsumer(topic, "s");
        assertEquals("for whoever comes", text(consumer.receive(COMES_MS)));
        consumer.close();
        TopicSubscriber noLocal = session.createDurableSubscriber(topic, "other", null, true);
        assertTrue(noLocal.getNoLocal());
        assertNull(noLocal.getMessageSelector());
        assertSame(null, noLocal.getMessageListener());
    }

    @Test
    @Checklist({"19.25", "19.27", "28.14"})
    void unsubscribeRefusesWhatIsInUse() throws JMSException {
        Connection connection = connect(name("id"));
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer consumer = session.createDurableConsumer(topic, "s");
        assertThrows(JMSException.class, () -> session.unsubscribe("s"));
        send(session, topic, "unacknowledged");
        consumer.receive(COMES_MS);
        consumer.close();
        // The consumer is closed, but its session holds a message.
        assertThrows(JMSException.class, () -> session.unsubscribe("s"));
        session.close();
        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer again = transacted.createDurableConsumer(topic, "s");
        assertEquals("unacknowledged", text(again.receive(COMES_MS)));
        again.close();
        assertThrows(JMSException.class, () -> transacted.unsubscribe("s"));
        transacted.rollback();
        transacted.unsubscribe("s");
        JMSContext context = context(name("context"));
        JMSConsumer active = context.createDurableConsumer(topic, "s");
        assertThrows(JMSRuntimeException.class, () -> context.unsubscribe("s"));
        active.close();
        context.unsubscribe("s");
    }

    @Test
    @Checklist({"19.26", "28.14"})
    void unsubscribeRefusesUnknownNames() throws JMSException {
        Session session = connect(name("id")).createSession();
        Topic topic = session.createTopic(name("topic"));
        session.createDurableConsumer(topic, "s").close();
        assertThrows(InvalidDestinationException.class, () -> session.unsubscribe("never made"));
        // Names belong to their client id.
        Session foreign = connect().createSession();
        assertThrows(InvalidDestinationException.class, () -> foreign.unsubscribe("s"));
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.unsubscribe("s"));
        session.unsubscribe("s");
    }

    @Test
    @Checklist("19.28")
    void aQueueSessionCannotUnsubscribe() throws JMSException {
        try (QueueConnection connection = ((QueueConnectionFactory) factory()).createQueueConnection();
                QueueSession session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE)) {
            assertThrows(IllegalStateException.class, () -> session.unsubscribe("s"));
            assertThrows(IllegalStateException.class, () -> session.unsubscribe(null));
        }
    }

    @Test
    @Checklist("19.29")
    void aNameIsFreeAfterUnsubscribe() throws JMSException {
        Session session = connect(name("id")).createSession();
        Topic topic = session.createTopic(name("topic"));
        Topic other = session.createTopic(name("other"));
        session.createDurableConsumer(topic, "s").close();
        send(session, topic, "old");
        session.unsubscribe("s");
        MessageConsumer shared = session.createSharedDurableConsumer(other, "s", "JMSPriority = 4");
        send(session, topic, "elsewhere");
        send(session, other, "new");
        assertEquals(List.of("new"), receive(shared, 1));
        assertEquals(List.of(), rest(shared));
        shared.close();
        session.unsubscribe("s");
        MessageConsumer back = session.createDurableConsumer(topic, "s");
        assertEquals(List.of(), rest(back));
        send(session, topic, "fresh");
        assertEquals(List.of("fresh"), receive(back, 1));
    }

    @Test
    @Checklist("19.30")
    void aSubscriptionsBacklogSurvivesRecoverAndRollback() throws JMSException {
        Connection connection = connect();
        Session acknowledging = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        Topic topic = acknowledging.createTopic(name("topic"));
        MessageConsumer one = acknowledging.createConsumer(topic);
        MessageConsumer other = transacted.createConsumer(topic);
        send(acknowledging, topic, "a", "b", "c");
        assertEquals(List.of("a", "b"), receive(one, 2));
        acknowledging.recover();
        assertEquals(List.of("a", "b", "c"), receive(one, 3));
        assertEquals(List.of("a", "b"), receive(other, 2));
        transacted.rollback();
        assertEquals(List.of("a", "b", "c"), receive(other, 3));
        transacted.commit();
        assertEquals(List.of(), rest(other));
    }
}
