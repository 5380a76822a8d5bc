package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.posthorn.testing.Await;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which objects threads may share, and what the provider's own threads may do at a time. */
class ThreadingIT extends ConformanceTest {

    @Test
    @Checklist("2.01")
    void factoryConnectionAndDestinationServeManyThreads() throws Exception {
        ConnectionFactory factory = factory();
        Connection shared = connect();
        Queue queue = shared.createSession().createQueue(name("queue"));
        List<Background<Integer>> threads = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            threads.add(Background.of(() -> useShared(factory, shared, queue)));
        }
        int sent = 0;
        for (Background<Integer> thread : threads) {
            sent += thread.result();
        }
        MessageConsumer consumer = shared.createSession().createConsumer(queue);
        for (int n = 0; n < sent; n++) {
            assertNotNull(consumer.receive(COMES_MS), "message " + n);
        }
        assertNull(consumer.receiveNoWait());
    }

    private static int useShared(ConnectionFactory factory, Connection shared, Queue queue) throws JMSException {
        int rounds = 10;
        for (int n = 0; n < rounds; n++) {
            shared.start();
            assertNotNull(shared.getMetaData());
            try (Session session = shared.createSession();
                    Connection own = factory.createConnection();
                    Session ownSession = own.createSession()) {
                session.createProducer(queue).send(session.createMessage());
                ownSession.createProducer(queue).send(ownSession.createMessage());
            }
        }
        return 2 * rounds;
    }

    @Test
    @Checklist({"2.01", "5.01"})
    void aConnectionStartedAndStoppedByManyThreadsStillDelivers() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        AtomicInteger heard = new AtomicInteger();
        session.createConsumer(session.createQueue(name("queue"))).setMessageListener(m -> heard.incrementAndGet());
        Session sender = connect().createSession();
        MessageProducer producer = sender.createProducer(sender.createQueue(name("queue")));
        for (int round = 1; round <= 20; round++) {
            Background<Void> stop = Background.run(connection::stop);
            Background<Void> start = Background.run(connection::start);
            stop.result();
            start.result();
            connection.start();
            producer.send(sender.createMessage());
            int expected = round;
            Await.until("message " + round, () -> heard.get() == expected);
        }
    }

    @Test
    @Checklist({"2.01", "5.04"})
    void aStartThatOvertakesAStopIsNotLost() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch both = new CountDownLatch(2);
        session.createConsumer(session.createQueue(name("heard"))).setMessageListener(message -> {
            entered.countDown();
            hold(release);
            both.countDown();
        });
        Session other = connection.createSession();
        MessageConsumer reading = other.createConsumer(other.createQueue(name("read")));
        Background<Message> receive = Background.of(reading::receive);
        receive.awaitWaiting();
        send(name("heard"), "a");
        await(entered);
        Background<Void> stop = Background.run(connection::stop);
        stop.awaitWaiting();
        connection.start();
        release.countDown();
        stop.result();
        send(name("heard"), "b");
        send(name("read"), "c");
        await(both);
        assertEquals("c", text(receive.result()));
    }

    @Test
    @Checklist("2.04")
    void anyThreadMayMakeChildContexts() throws Exception {
        JMSContext parent = context();
        Queue queue = parent.createQueue(name("queue"));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        parent.createConsumer(queue).setMessageListener(message -> {
            entered.countDown();
            hold(release);
        });
        send(name("queue"), "keeps the parent's session busy");
        await(entered);
        List<Background<String>> threads = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            String own = name("own" + n);
            threads.add(Background.of(() -> {
                try (JMSContext child = parent.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
                    child.createProducer().send(child.createQueue(own), own);
                    return child.createConsumer(child.createQueue(own)).receiveBody(String.class, COMES_MS);
                }
            }));
        }
        for (int n = 0; n < 3; n++) {
            assertEquals(name("own" + n), threads.get(n).result());
        }
        release.countDown();
    }

    @Test
    @Checklist("2.05")
    void aSessionCallsOneListenerAtATimeAndSessionsRunInParallel() throws Exception {
        int count = 40;
        Connection connection = connect();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger atOnceMax = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(2 * count);
        Session session = connection.createSession();
        for (String part : List.of("one", "two")) {
            session.createConsumer(session.createQueue(name(part))).setMessageListener(message -> {
                atOnceMax.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.yield();
                running.decrementAndGet();
                all.countDown();
            });
        }
        String[] texts = new String[count];
        Arrays.fill(texts, "x");
        send(name("one"), texts);
        send(name("two"), texts);
        await(all);
        assertEquals(1, atOnceMax.get());

        CountDownLatch bothInside = new CountDownLatch(2);
        CountDownLatch bothMet = new CountDownLatch(2);
        for (String part : List.of("left", "right")) {
            Session own = connection.createSession();
            own.createConsumer(own.createQueue(name(part))).setMessageListener(message -> {
                bothInside.countDown();
                hold(bothInside);
                bothMet.countDown();
            });
            send(name(part), "x");
        }
        await(bothMet);
    }

    @Test
    @Checklist("2.07")
    void theMakerOfAListeningSessionMayUseIt() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageConsumer consumer = session.createConsumer(queue);
        MessageProducer producer = session.createProducer(queue);
        for (int n = 0; n < 5; n++) {
            CountDownLatch heard = new CountDownLatch(1);
            consumer.setMessageListener(message -> heard.countDown());
            producer.send(session.createTextMessage("from the main thread"));
            await(heard);
        }
        assertNotNull(session.createBrowser(queue));
        consumer.setMessageListener(null);
    }

    @Test
    @Checklist("2.08")
    void aRunningContextTakesFurtherListeners() throws Exception {
        JMSContext context = context();
        String[] texts = new String[30];
        Arrays.fill(texts, "x");
        CountDownLatch all = new CountDownLatch(3 * texts.length);
        for (int n = 0; n < 3; n++) {
            send(name("queue" + n), texts);
        }
        for (int n = 0; n < 3; n++) {
            context.createConsumer(context.createQueue(name("queue" + n)))
                    .setMessageListener(message -> all.countDown());
        }
        await(all);
    }

    @Test
    @Checklist("2.09")
    void receiveIsRefusedWhereAListenerIsAndOnlyThere() throws JMSException {
        Session session = connect().createSession();
        MessageConsumer listening = session.createConsumer(session.createQueue(name("heard")));
        listening.setMessageListener(message -> {});
        assertThrows(IllegalStateException.class, listening::receive);
        assertThrows(IllegalStateException.class, () -> listening.receive(1));
        assertThrows(IllegalStateException.class, listening::receiveNoWait);
        MessageConsumer reading = session.createConsumer(session.createQueue(name("read")));
        send(name("read"), "x");
        assertEquals("x", text(reading.receive(COMES_MS)));

        JMSContext context = context();
        JMSConsumer simplified = context.createConsumer(context.createQueue(name("heard")));
        simplified.setMessageListener(message -> {});
        assertThrows(IllegalStateRuntimeException.class, simplified::receive);
        assertThrows(IllegalStateRuntimeException.class, () -> simplified.receiveBody(String.class));
    }

    @Test
    @Checklist({"2.06", "2.11"})
    void theSessionStaysUsableWhileACompletionCallbackRuns() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        MessageConsumer consumer = session.createConsumer(queue);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        CompletionListener slow = new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                calls.incrementAndGet();
                entered.countDown();
                hold(release);
            }

            @Override
            public void onException(Message message, Exception exception) {
                throw new AssertionError(exception);
            }
        };
        producer.send(session.createTextMessage("first"), slow);
        producer.send(session.createTextMessage("second"), slow);
        await(entered);
        producer.send(session.createTextMessage("third"));
        assertEquals("first", text(consumer.receive(COMES_MS)));
        assertEquals("second", text(consumer.receive(COMES_MS)));
        assertEquals("third", text(consumer.receive(COMES_MS)));
        assertEquals(1, calls.get());
        release.countDown();
        Await.until("the second callback", () -> calls.get() == 2);
    }
}
