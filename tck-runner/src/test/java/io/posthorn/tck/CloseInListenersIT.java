package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Closing, committing and rolling back from within listeners: refused at once where it would wait for itself, and without harm. */
class CloseInListenersIT extends ConformanceTest {

    @Test
    @Checklist({"6.15", "6.25"})
    void aListenerCannotCloseItsSessionOrConnection() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        Outcome closeSession = new Outcome();
        Outcome closeConnection = new Outcome();
        CountDownLatch two = new CountDownLatch(2);
        session.createConsumer(session.createQueue(name("queue"))).setMessageListener(message -> {
            closeSession.of(session::close);
            closeConnection.of(connection::close);
            two.countDown();
        });
        send(name("queue"), "a", "b");
        assertEquals(IllegalStateException.class, closeSession.get());
        assertEquals(IllegalStateException.class, closeConnection.get());
        await(two);
        session.createProducer(session.createQueue(name("other"))).send(session.createTextMessage("still open"));
        Session next = connection.createSession();
        assertEquals(
                "still open",
                text(next.createConsumer(next.createQueue(name("other"))).receive(COMES_MS)));
    }

    @Test
    @Checklist({"6.15", "6.25"})
    void aListenerCannotCloseItsContext() throws Exception {
        JMSContext context = context();
        Outcome close = new Outcome();
        CountDownLatch two = new CountDownLatch(2);
        context.createConsumer(context.createQueue(name("queue"))).setMessageListener(message -> {
            close.of(context::close);
            two.countDown();
        });
        send(name("queue"), "a", "b");
        assertEquals(IllegalStateRuntimeException.class, close.get());
        await(two);
        context.createProducer().send(context.createQueue(name("other")), "still open");
        assertEquals(
                "still open",
                text(context.createConsumer(context.createQueue(name("other"))).receive(COMES_MS)));
    }

    @Test
    @Checklist({"6.18", "6.23"})
    void aListenerMayCloseItsConsumerAndOthersOfItsSession() throws Exception {
        Session session = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = session.createQueue(name("queue"));
        MessageConsumer other = session.createConsumer(session.createQueue(name("other")));
        MessageConsumer own = session.createConsumer(queue);
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        Outcome closeOther = new Outcome();
        Outcome closeOwn = new Outcome();
        Outcome after = new Outcome();
        send(name("queue"), "a", "b");
        own.setMessageListener(message -> {
            closeOther.of(other::close);
            closeOwn.of(own::close);
            after.of(() -> {
                heard.add(text(message));
                message.acknowledge();
            });
        });
        assertEquals(Outcome.RETURNED, closeOther.get());
        assertEquals(Outcome.RETURNED, closeOwn.get());
        assertEquals(Outcome.RETURNED, after.get());
        Session next = connect().createSession();
        Message left = next.createConsumer(queue).receive(COMES_MS);
        assertEquals("b", text(left));
        assertEquals(1, left.getIntProperty("JMSXDeliveryCount"));
        assertEquals(List.of("a"), heard);
    }

    @Test
    @Checklist("6.18")
    void aListenerMayCloseItsSimplifiedConsumer() throws Exception {
        JMSContext context = context();
        Queue queue = context.createQueue(name("queue"));
        send(name("queue"), "a", "b");
        JMSConsumer consumer = context.createConsumer(queue);
        Outcome close = new Outcome();
        CountDownLatch finished = new CountDownLatch(1);
        consumer.setMessageListener(message -> {
            close.of(consumer::close);
            finished.countDown();
        });
        assertEquals(Outcome.RETURNED, close.get());
        await(finished);
        try (JMSContext next = factory().createContext();
                JMSConsumer rest = next.createConsumer(queue)) {
            assertEquals("b", rest.receiveBody(String.class, COMES_MS));
            assertNull(rest.receiveNoWait());
        }
    }

    @Test
    @Checklist({"6.20", "6.21", "6.25"})
    void aCompletionListenerCannotEndWhatItBelongsTo() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        List<Executable> refused =
                List.of(producer::close, session::close, connection::close, session::commit, session::rollback);
        for (Executable call : refused) {
            Outcome outcome = new Outcome();
            producer.send(session.createTextMessage("sent"), outcome.inCallback(call));
            assertEquals(IllegalStateException.class, outcome.get());
        }
        session.commit();
        Session plain = connection.createSession();
        MessageProducer ofPlain = plain.createProducer(plain.createQueue(name("other")));
        for (Executable call : List.<Executable>of(plain::commit, plain::rollback)) {
            Outcome outcome = new Outcome();
            ofPlain.send(plain.createMessage(), outcome.inCallback(call));
            assertEquals(IllegalStateException.class, outcome.get());
        }
        MessageConsumer consumer = plain.createConsumer(queue);
        for (int n = 0; n < refused.size(); n++) {
            assertEquals("sent", text(consumer.receive(COMES_MS)));
        }
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist({"6.20", "6.21", "6.25"})
    void aCompletionListenerCannotEndItsContext() throws Exception {
        for (int mode : new int[] {JMSContext.SESSION_TRANSACTED, JMSContext.AUTO_ACKNOWLEDGE}) {
            JMSContext context = context(mode);
            Queue queue = context.createQueue(name("queue" + mode));
            for (Executable call : List.<Executable>of(context::close, context::commit, context::rollback)) {
                Outcome outcome = new Outcome();
                context.createProducer().setAsync(outcome.inCallback(call)).send(queue, "sent");
                assertEquals(IllegalStateRuntimeException.class, outcome.get());
            }
            if (context.getTransacted()) {
                context.commit();
            }
            try (JMSContext next = factory().createContext();
                    JMSConsumer consumer = next.createConsumer(queue)) {
                for (int n = 0; n < 3; n++) {
                    assertEquals("sent", consumer.receiveBody(String.class, COMES_MS));
                }
            }
        }
    }

    @Test
    @Checklist("6.20")
    void aCompletionListenerMayCloseWhatIsNotItsOwn() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        Session other = connection.createSession();
        MessageProducer foreign = other.createProducer(null);
        Outcome outcome = new Outcome();
        session.createProducer(session.createQueue(name("queue")))
                .send(session.createMessage(), outcome.inCallback(() -> {
                    foreign.close();
                    other.close();
                }));
        assertEquals(Outcome.RETURNED, outcome.get());
    }
}
