package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.Await;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Starting and stopping delivery, and contexts that start by themselves. */
class StartStopIT extends ConformanceTest {

    @Test
    @Checklist("5.01")
    void repeatedStartsAndStopsAreIgnored() throws JMSException {
        Connection connection = freshConnection();
        connection.stop();
        connection.stop();
        connection.start();
        connection.start();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        send(name("queue"), "a", "b");
        assertEquals("a", text(consumer.receive(COMES_MS)));
        connection.stop();
        connection.stop();
        assertNull(consumer.receiveNoWait());
        connection.start();
        assertEquals("b", text(consumer.receive(COMES_MS)));

        JMSContext context = context();
        context.stop();
        context.stop();
        context.start();
        context.start();
        send(name("queue"), "c");
        assertEquals(
                "c", context.createConsumer(context.createQueue(name("queue"))).receiveBody(String.class, COMES_MS));
    }

    @Test
    @Checklist("5.02")
    void sendingNeedsNoStart() throws JMSException {
        Connection never = freshConnection();
        Session session = never.createSession();
        MessageProducer producer = session.createProducer(session.createQueue(name("queue")));
        producer.send(session.createTextMessage("before any start"));
        never.start();
        never.stop();
        producer.send(session.createTextMessage("after stop"));
        JMSContext context = context();
        context.createProducer().send(context.createQueue(name("queue")), "from a context");
        Session reader = connect().createSession();
        MessageConsumer consumer = reader.createConsumer(reader.createQueue(name("queue")));
        assertEquals("before any start", text(consumer.receive(COMES_MS)));
        assertEquals("after stop", text(consumer.receive(COMES_MS)));
        assertEquals("from a context", text(consumer.receive(COMES_MS)));
    }

    @Test
    @Checklist({"5.03", "5.04"})
    void whileStoppedNothingIsHandedOver() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        AtomicInteger heard = new AtomicInteger();
        session.createConsumer(session.createQueue(name("heard"))).setMessageListener(m -> heard.incrementAndGet());
        Session other = connection.createSession();
        MessageConsumer reading = other.createConsumer(other.createQueue(name("read")));
        Background<Message> waiting = Background.of(() -> reading.receive(COMES_MS));
        waiting.awaitWaiting();
        connection.stop();
        send(name("heard"), "x");
        send(name("read"), "y");
        waiting.awaitWaiting();
        MessageConsumer timed = other.createConsumer(other.createQueue(name("timed")));
        assertNull(timed.receive(ABSENT_MS));
        assertEquals(0, heard.get());
        connection.start();
        assertEquals("y", text(waiting.result()));
        Await.until("the listener is called", () -> heard.get() == 1);
    }

    @Test
    @Checklist("5.04")
    void stopWaitsForRunningListenersWhichKeepAllServices() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(session.createQueue(name("out")));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        Outcome work = new Outcome();
        session.createConsumer(session.createQueue(name("in"))).setMessageListener(message -> {
            entered.countDown();
            hold(release);
            work.of(() -> {
                producer.send(message);
                session.commit();
            });
            finished.set(true);
        });
        send(name("in"), "x");
        await(entered);
        Background<Boolean> stop = Background.of(() -> {
            connection.stop();
            return finished.get();
        });
        stop.awaitWaiting();
        release.countDown();
        assertTrue(stop.result(), "stop has returned before the listener");
        assertEquals(Outcome.RETURNED, work.get());
        Session reader = connect().createSession();
        assertEquals(
                "x", text(reader.createConsumer(reader.createQueue(name("out"))).receive(COMES_MS)));
    }

    @Test
    @Checklist("5.05")
    void stopDoesNotWaitForAnExceptionListener() throws Exception {
        Connection connection = connect();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        connection.setExceptionListener(problem -> {
            entered.countDown();
            hold(release);
        });
        causeProblem(connection.createSession());
        await(entered);
        connection.stop();
        release.countDown();
    }

    @Test
    @Checklist({"5.06", "6.25"})
    void aListenerCannotStopItsConnection() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        Outcome stop = new Outcome();
        CountDownLatch two = new CountDownLatch(2);
        session.createConsumer(session.createQueue(name("queue"))).setMessageListener(message -> {
            stop.of(connection::stop);
            two.countDown();
        });
        send(name("queue"), "a", "b");
        assertEquals(IllegalStateException.class, stop.get());
        await(two);
    }

    @Test
    @Checklist({"5.06", "6.25"})
    void aListenerCannotStopAnyContextOfItsConnection() throws Exception {
        JMSContext context = context();
        JMSContext sibling = closeLater(context.createContext(JMSContext.AUTO_ACKNOWLEDGE));
        Outcome own = new Outcome();
        Outcome siblings = new Outcome();
        CountDownLatch two = new CountDownLatch(2);
        context.createConsumer(context.createQueue(name("queue"))).setMessageListener(message -> {
            own.of(context::stop);
            siblings.of(sibling::stop);
            two.countDown();
        });
        send(name("queue"), "a", "b");
        assertEquals(IllegalStateRuntimeException.class, own.get());
        assertEquals(IllegalStateRuntimeException.class, siblings.get());
        await(two);
    }

    @Test
    @Checklist("5.07")
    void aCompletionListenerMayStop() throws Exception {
        JMSContext context = context();
        Outcome ofContext = new Outcome();
        context.createProducer()
                .setAsync(ofContext.inCallback(context::stop))
                .send(context.createQueue(name("queue")), "x");
        assertEquals(Outcome.RETURNED, ofContext.get());

        Connection connection = connect();
        Session session = connection.createSession();
        Outcome ofConnection = new Outcome();
        session.createProducer(session.createQueue(name("queue")))
                .send(session.createMessage(), ofConnection.inCallback(connection::stop));
        assertEquals(Outcome.RETURNED, ofConnection.get());
    }

    @Test
    @Checklist({"5.08", "5.09"})
    void everyWayToMakeAConsumerStartsTheContext() throws JMSException {
        String queue = name("queue");
        List<BiFunction<JMSContext, Topic, JMSConsumer>> ways = List.of(
                (context, topic) -> context.createConsumer(topic),
                (context, topic) -> context.createConsumer(topic, "n = 1"),
                (context, topic) -> context.createConsumer(topic, "n = 1", true),
                (context, topic) -> context.createDurableConsumer(topic, "d1"),
                (context, topic) -> context.createDurableConsumer(topic, "d2", "n = 1", false),
                (context, topic) -> context.createSharedConsumer(topic, "s1"),
                (context, topic) -> context.createSharedConsumer(topic, "s2", "n = 1"),
                (context, topic) -> context.createSharedDurableConsumer(topic, "sd1"),
                (context, topic) -> context.createSharedDurableConsumer(topic, "sd2", "n = 1"));
        for (int n = 0; n < ways.size(); n++) {
            JMSContext context = context();
            context.setClientID(name("id" + n));
            JMSContext waiting = closeLater(context.createContext(JMSContext.AUTO_ACKNOWLEDGE));
            waiting.setAutoStart(false);
            JMSConsumer watch = waiting.createConsumer(waiting.createQueue(queue));
            send(queue, "m" + n);
            assertNull(watch.receiveNoWait());
            ways.get(n).apply(context, context.createTopic(name("topic" + n)));
            assertEquals("m" + n, watch.receiveBody(String.class, COMES_MS));
        }
    }

    @Test
    @Checklist("5.09")
    void theAutoStartFlagItselfStartsAndStopsNothing() throws JMSException {
        send(name("queue"), "a", "b");
        JMSContext context = context();
        assertTrue(context.getAutoStart());
        context.setAutoStart(false);
        assertFalse(context.getAutoStart());
        JMSConsumer consumer = context.createConsumer(context.createQueue(name("queue")));
        context.setAutoStart(true);
        assertTrue(context.getAutoStart());
        assertNull(consumer.receiveNoWait());
        context.start();
        context.setAutoStart(false);
        assertEquals("a", consumer.receiveBody(String.class, COMES_MS));
        context.close();
        assertThrows(IllegalStateRuntimeException.class, context::getAutoStart);
        assertThrows(IllegalStateRuntimeException.class, () -> context.setAutoStart(true));
    }

    @Test
    @Checklist("5.10")
    void afterStopTheNextConsumerStartsAgain() throws JMSException {
        JMSContext context = context();
        Queue queue = context.createQueue(name("queue"));
        JMSConsumer first = context.createConsumer(queue);
        context.stop();
        send(name("queue"), "a");
        assertNull(first.receiveNoWait());
        context.createConsumer(context.createQueue(name("other")));
        assertEquals("a", first.receiveBody(String.class, COMES_MS));
    }
}
