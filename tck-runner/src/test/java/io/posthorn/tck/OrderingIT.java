package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.Await;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which order is kept, and that messages given back keep it. */
class OrderingIT extends MessagingTest {

    private static List<String> beginningWith(String prefix, List<String> texts) {
        return texts.stream().filter(text -> text.startsWith(prefix)).toList();
    }

    private static List<String> expected(String prefix, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(prefix + i);
        }
        return texts;
    }

    @Test
    @Checklist({"24.01", "24.02"})
    void eachDeliveryModeKeepsItsOrder() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        MessageConsumer consumer = session.createConsumer(queue);
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            producer.send(session.createTextMessage("n" + i), DeliveryMode.NON_PERSISTENT, 4, 0);
            producer.send(session.createTextMessage("p" + i), DeliveryMode.PERSISTENT, 4, 0);
            if (i == 25) {
                got.addAll(receive(consumer, 20));
            }
        }
        got.addAll(receive(consumer, 80));
        assertEquals(expected("p", 50), beginningWith("p", got));
        assertEquals(expected("n", 50), beginningWith("n", got));
        // Only the non-persistent ones may overtake.
        for (int i = 0; i < 50; i++) {
            assertTrue(got.indexOf("n" + i) < got.indexOf("p" + i), "p" + i);
        }
    }

    @Test
    @Checklist({"24.01", "24.03"})
    void eachSessionKeepsItsOrderAmongOthers() throws JMSException {
        Connection connection = connect();
        Session one = connection.createSession();
        Session other = connect().createSession(Session.SESSION_TRANSACTED);
        Queue queue = one.createQueue(name("queue"));
        Queue second = one.createQueue(name("second"));
        for (int i = 0; i < 20; i++) {
            send(one, queue, "a" + i);
            send(one, second, "a" + i);
            send(other, queue, "b" + i);
            if (i % 7 == 6 || i == 19) {
                other.commit();
            }
        }
        List<String> got = receive(one.createConsumer(queue), 40);
        assertEquals(expected("a", 20), beginningWith("a", got));
        assertEquals(expected("b", 20), beginningWith("b", got));
        assertEquals(expected("a", 20), receive(one.createConsumer(second), 20));
    }

    @Test
    @Checklist({"24.05", "17.02"})
    void whatAPausingConsumerGivesBackKeepsItsPlace() throws Exception {
        Queue queue = connect().createSession().createQueue(name("queue"));
        send(name("queue"), expected("m", 300).toArray(new String[0]));
        List<String> got = new ArrayList<>();
        // Each reads fast enough to have messages fetched ahead, then pauses for good.
        for (int i = 0; i < 5; i++) {
            Session session =
                    connect().createSession(i % 2 == 0 ? Session.AUTO_ACKNOWLEDGE : Session.DUPS_OK_ACKNOWLEDGE);
            MessageConsumer consumer = session.createConsumer(queue);
            got.addAll(receive(consumer, 40));
            if (i == 1) {
                consumer.close();
            } else if (i == 2) {
                session.close();
            }
            // A browser shows what nobody has been given.
            String next = "m" + got.size();
            Await.until(next + " is back", () -> firstOf(queue).equals(next));
        }
        Session session = connect().createSession();
        MessageConsumer rest = session.createConsumer(queue);
        got.addAll(receive(rest, 300 - got.size()));
        assertEquals(expected("m", 300), got);
    }

    private String firstOf(Queue queue) throws JMSException {
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession();
                QueueBrowser browser = session.createBrowser(queue)) {
            return text((Message) browser.getEnumeration().nextElement());
        }
    }

    @Test
    @Checklist("24.05")
    void whatAStoppedListenerHadKeepsItsPlace() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        Queue queue = session.createQueue(name("queue"));
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        session.createConsumer(queue).setMessageListener(message -> {
            try {
                got.add(text(message));
            } catch (JMSException failed) {
                throw new AssertionError(failed);
            }
        });
        send(name("queue"), expected("m", 500).toArray(new String[0]));
        Await.until("some", () -> got.size() >= 30);
        connection.stop();
        Session other = connect().createSession();
        MessageConsumer rest = other.createConsumer(queue);
        got.addAll(rest(rest));
        assertEquals(expected("m", 500), got);
    }

    @Test
    @Checklist({"24.05", "25.03"})
    void whatIsRolledBackComesBeforeWhatIsNewer() throws JMSException {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name("queue"));
        send(name("queue"), "a", "b", "c");
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals(List.of("a", "b"), receive(consumer, 2));
        send(name("queue"), "d");
        session.rollback();
        MessageConsumer other = connect().createSession().createConsumer(queue);
        assertEquals("a", text(other.receiveNoWait()));
        assertEquals(List.of("b", "c", "d"), receive(consumer, 3));
        session.commit();
    }
}
