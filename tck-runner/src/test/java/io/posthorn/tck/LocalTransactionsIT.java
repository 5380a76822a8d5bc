package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Local transactions: one after the other, whole or not at all, over queues and topics. */
class LocalTransactionsIT extends MessagingTest {

    @Test
    @Checklist("25.01")
    void oneTransactionFollowsTheOther() throws JMSException {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name("queue"));
        Session reader = connect().createSession();
        MessageConsumer consumer = reader.createConsumer(queue);
        // Empty ones do no harm.
        session.commit();
        session.rollback();
        send(session, queue, "one");
        session.commit();
        send(session, queue, "dropped");
        session.rollback();
        session.rollback();
        send(session, queue, "two");
        session.commit();
        session.commit();
        assertEquals(List.of("one", "two"), receive(consumer, 2));
        assertEquals(List.of(), rest(consumer));
    }

    @Test
    @Checklist({"25.02", "25.03", "25.07", "25.08"})
    void aTransactionCoversQueuesAndTopics() throws JMSException {
        Session session = connect(name("id")).createSession(Session.SESSION_TRANSACTED);
        Queue in = session.createQueue(name("in"));
        Queue out = session.createQueue(name("out"));
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer source = session.createConsumer(in);
        MessageConsumer durable = session.createDurableConsumer(topic, "s");
        MessageConsumer own = session.createConsumer(out);
        Session watcher = connect().createSession();
        MessageConsumer queueWatch = watcher.createConsumer(out);
        MessageConsumer topicWatch = watcher.createConsumer(topic);
        send(name("in"), "order");
        for (boolean commit : new boolean[] {false, true}) {
            assertEquals(List.of("order"), receive(source, 1));
            send(session, out, "invoice");
            send(session, topic, "news");
            // Unseen: by consumers, by browsers, by the transaction itself.
            assertNull(queueWatch.receiveNoWait());
            assertNull(topicWatch.receiveNoWait());
            assertNull(own.receiveNoWait());
            assertNull(durable.receiveNoWait());
            try (QueueBrowser browser = watcher.createBrowser(out)) {
                assertFalse(browser.getEnumeration().hasMoreElements());
            }
            if (commit) {
                session.commit();
            } else {
                session.rollback();
            }
        }
        assertEquals("invoice", text(queueWatch.receive(COMES_MS)));
        assertEquals("news", text(topicWatch.receive(COMES_MS)));
        assertEquals("news", text(durable.receive(COMES_MS)));
        session.rollback();
        Message again = durable.receive(COMES_MS);
        assertEquals("news", text(again));
        assertTrue(again.getJMSRedelivered());
        session.commit();
        for (MessageConsumer consumer : List.of(source, durable, own, queueWatch, topicWatch)) {
            assertNull(consumer.receiveNoWait());
        }
    }

    @Test
    @Checklist({"25.03", "25.06"})
    void whatIsRolledBackIsThereAtOnce() throws JMSException {
        Queue queue = connect().createSession().createQueue(name("queue"));
        MessageConsumer next = connect().createSession().createConsumer(queue);
        for (int round = 0; round < 30; round++) {
            Connection connection = connect();
            send(name("queue"), "a" + round, "b" + round);
            Session session = connection.createSession(Session.SESSION_TRANSACTED);
            assertEquals(List.of("a" + round, "b" + round), receive(session.createConsumer(queue), 2));
            switch (round % 3) {
                case 0 -> session.rollback();
                case 1 -> session.close();
                default -> connection.close();
            }
            Message first = next.receiveNoWait();
            assertEquals("a" + round, text(first));
            assertTrue(first.getJMSRedelivered());
            assertEquals("b" + round, text(next.receiveNoWait()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.AUTO_ACKNOWLEDGE, Session.CLIENT_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE})
    @Checklist({"25.04", "28.03"})
    void withoutATransactionThereIsNothingToEnd(int mode) throws JMSException {
        Session session = connect().createSession(mode);
        assertThrows(IllegalStateException.class, session::commit);
        assertThrows(IllegalStateException.class, session::rollback);
        JMSContext context = context(mode);
        assertThrows(IllegalStateRuntimeException.class, context::commit);
        assertThrows(IllegalStateRuntimeException.class, context::rollback);
    }

    @Test
    @Checklist("25.10")
    void aListenerMayCommitAndRollBack() throws Exception {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        Queue in = session.createQueue(name("in"));
        Queue out = session.createQueue(name("out"));
        MessageProducer producer = session.createProducer(out);
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        session.createConsumer(in).setMessageListener(message -> {
            try {
                String text = text(message);
                seen.add(text);
                producer.send(session.createTextMessage("of " + text));
                if (message.getJMSRedelivered()) {
                    session.commit();
                } else {
                    session.rollback();
                }
            } catch (JMSException failed) {
                seen.add(failed.toString());
            }
        });
        send(name("in"), "a", "b", "c");
        Session watcher = connect().createSession();
        MessageConsumer results = watcher.createConsumer(out);
        assertEquals(List.of("of a", "of b", "of c"), receive(results, 3));
        assertEquals(List.of("a", "a", "b", "b", "c", "c"), seen);
        session.close();
        assertNull(results.receiveNoWait());
        assertNull(watcher.createConsumer(in).receiveNoWait());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Checklist("25.11")
    void aClosedConsumersMessagesStayInTheTransaction(boolean commit) throws JMSException {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name("queue" + commit));
        send(name("queue" + commit), "a", "b");
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals(List.of("a"), receive(consumer, 1));
        consumer.close();
        MessageConsumer other = connect().createSession().createConsumer(queue);
        assertEquals(List.of("b"), receive(other, 1));
        assertNull(other.receiveNoWait());
        if (commit) {
            session.commit();
            assertNull(other.receiveNoWait());
        } else {
            session.rollback();
            Message again = other.receiveNoWait();
            assertEquals("a", text(again));
            assertEquals(2, again.getIntProperty("JMSXDeliveryCount"));
        }
    }

    @Test
    @Checklist("25.09")
    void aRollbackDropsAsynchronousSends() throws JMSException {
        JMSContext context = context(JMSContext.SESSION_TRANSACTED);
        Queue queue = context.createQueue(name("queue"));
        List<String> confirmed = Collections.synchronizedList(new ArrayList<>());
        var producer = context.createProducer().setAsync(new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                confirmed.add("completed");
            }

            @Override
            public void onException(Message message, Exception exception) {
                confirmed.add(exception.toString());
            }
        });
        producer.send(queue, "dropped");
        context.rollback();
        assertEquals(List.of("completed"), confirmed);
        producer.send(queue, "kept");
        context.commit();
        assertEquals(List.of("completed", "completed"), confirmed);
        Session reader = connect().createSession();
        MessageConsumer consumer = reader.createConsumer(queue);
        assertEquals(List.of("kept"), rest(consumer));
    }
}
