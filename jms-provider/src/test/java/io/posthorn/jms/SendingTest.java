package io.posthorn.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.message.DestinationName;
import io.posthorn.provider.ProviderException;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sends, transactions and asynchronous sends, against a broker in memory. */
@Timeout(30)
class SendingTest {

    private static final DestinationName NAME = DestinationName.queue("orders");

    private final PosthornQueue queue = new PosthornQueue("orders");
    private final FakeBroker broker = new FakeBroker();
    private PosthornConnection connection;

    @BeforeEach
    void connect() throws JMSException {
        connection = broker.connect();
        connection.start();
    }

    @AfterEach
    void close() throws JMSException {
        connection.close();
        broker.close();
    }

    private static final class Recorder implements CompletionListener {
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onCompletion(Message message) {
            events.add(JmsCall.get(() -> ((TextMessage) message).getText()) + " sent");
        }

        @Override
        public void onException(Message message, Exception exception) {
            events.add(JmsCall.get(() -> ((TextMessage) message).getText()) + " "
                    + exception.getClass().getSimpleName());
        }
    }

    @Test
    void setsTheHeadersOfTheSendersObject() throws JMSException {
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(queue);
        TextMessage message = session.createTextMessage("x");
        producer.setDeliveryDelay(100);
        producer.send(message, DeliveryMode.NON_PERSISTENT, 7, 1_000);
        String id = message.getJMSMessageID();
        assertTrue(id.startsWith("ID:"), id);
        assertEquals(queue, message.getJMSDestination());
        assertEquals(7, message.getJMSPriority());
        assertEquals(DeliveryMode.NON_PERSISTENT, message.getJMSDeliveryMode());
        assertEquals(message.getJMSTimestamp() + 1_000, message.getJMSExpiration());
        assertEquals(message.getJMSTimestamp() + 100, message.getJMSDeliveryTime());
        producer.setDisableMessageID(true);
        producer.send(message);
        assertNull(message.getJMSMessageID());
        producer.setDisableMessageID(false);
        producer.send(message);
        assertNotEquals(id, message.getJMSMessageID());
    }

    @Test
    void hugeTimesToLiveMeanForEver() {
        assertEquals(0, SessionSender.later(1_000, Long.MAX_VALUE, 0));
        assertEquals(1_005, SessionSender.later(1_000, 5, 0));
    }

    @Test
    void argumentsAreCheckedInTheRightOrder() throws JMSException {
        Session session = connection.createSession();
        MessageProducer bound = session.createProducer(queue);
        MessageProducer free = session.createProducer(null);
        Message message = session.createMessage();
        Recorder recorder = new Recorder();
        assertThrows(UnsupportedOperationException.class, () -> bound.send(queue, message));
        assertThrows(UnsupportedOperationException.class, () -> bound.send(queue, message, recorder));
        assertThrows(UnsupportedOperationException.class, () -> free.send(message));
        assertThrows(UnsupportedOperationException.class, () -> free.send(message, 2, 4, 0, recorder));
        assertThrows(InvalidDestinationException.class, () -> free.send(null, message));
        assertThrows(MessageFormatException.class, () -> bound.send(null));
        assertThrows(JMSException.class, () -> bound.send(message, -1, 4, 0));
        assertThrows(JMSException.class, () -> bound.send(message, 2, 10, 0));
        assertThrows(JMSException.class, () -> bound.send(message, 2, 4, -1, recorder));
        assertThrows(IllegalArgumentException.class, () -> bound.send(message, null));
        assertThrows(JMSException.class, () -> bound.setDeliveryMode(0));
        assertThrows(JMSException.class, () -> bound.setPriority(-1));
        assertThrows(JMSException.class, () -> bound.setTimeToLive(-1));
        assertThrows(JMSException.class, () -> bound.setDeliveryDelay(-1));
        bound.close();
        bound.close();
        assertThrows(IllegalStateException.class, () -> bound.send(null));
        assertThrows(IllegalStateException.class, bound::getDestination);
        assertTrue(recorder.events.isEmpty());
    }

    @Test
    void theFirstNonPersistentSendIsAwaitedAndLaterFailuresAreReported() throws JMSException {
        AtomicReference<JMSException> reported = new AtomicReference<>();
        CountDownLatch told = new CountDownLatch(1);
        connection.setExceptionListener(problem -> {
            reported.set(problem);
            told.countDown();
        });
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        broker.missing = NAME;
        assertThrows(InvalidDestinationException.class, () -> producer.send(session.createMessage()));
        broker.missing = null;
        producer.send(session.createMessage());
        broker.missing = NAME;
        producer.send(session.createMessage());
        Await.latch(told);
        assertTrue(
                reported.get() instanceof InvalidDestinationException,
                reported.get().toString());
        assertThrows(InvalidDestinationException.class, () -> producer.send(session.createMessage()));
    }

    @Test
    void aSendWithoutAnswerTimesOut() throws JMSException {
        broker.holdCallbacks = true;
        SendWait wait = new SendWait();
        ProviderException failure = wait.await(io.posthorn.time.Clock.system(), 20);
        assertEquals(ProviderException.Kind.TIMEOUT, failure.kind());
    }

    @Test
    void callbacksComeInTheOrderOfTheSendsWhateverTheBrokerDoes() throws JMSException {
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(null);
        Recorder recorder = new Recorder();
        broker.holdCallbacks = true;
        broker.missing = DestinationName.queue("missing");
        producer.send(queue, session.createTextMessage("1"), recorder);
        producer.send(new PosthornQueue("missing"), session.createTextMessage("2"), recorder);
        producer.send(queue, session.createTextMessage("3"), recorder);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> JmsCall.perform(session::close));
        broker.releaseCallbacksBackwards();
        closed.join();
        assertEquals(List.of("1 sent", "2 InvalidDestinationException", "3 sent"), recorder.events);
    }

    @Test
    void aCallbackMayNotEndWhatItBelongsTo() throws JMSException {
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(queue);
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        AtomicReference<Thread> thread = new AtomicReference<>();
        producer.send(session.createMessage(), new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                thread.set(Thread.currentThread());
                thrown.add(assertThrows(IllegalStateException.class, session::commit));
                thrown.add(assertThrows(IllegalStateException.class, session::rollback));
                thrown.add(assertThrows(IllegalStateException.class, session::close));
                thrown.add(assertThrows(IllegalStateException.class, producer::close));
                thrown.add(assertThrows(IllegalStateException.class, connection::close));
                JmsCall.perform(connection::stop);
                done.countDown();
            }

            @Override
            public void onException(Message message, Exception exception) {}
        });
        Await.latch(done);
        assertEquals(5, thrown.size());
        assertNotEquals(Thread.currentThread(), thread.get());
        session.commit();
        assertEquals(1, broker.ready(NAME));
    }

    @Test
    void commitPublishesAndSettlesTogether() throws JMSException {
        Session plain = connection.createSession();
        plain.createProducer(queue).send(plain.createTextMessage("in"));
        Session session = connection.createSession(true, 0);
        assertEquals(Session.SESSION_TRANSACTED, session.getAcknowledgeMode());
        MessageConsumer consumer = session.createConsumer(queue);
        assertNotNull(consumer.receive(5_000));
        session.createProducer(new PosthornQueue("out")).send(session.createTextMessage("out"));
        assertEquals(0, broker.ready(DestinationName.queue("out")));
        session.commit();
        assertTrue(broker.calls.contains("commit 1-1"));
        assertEquals(1, broker.ready(DestinationName.queue("out")));
        assertEquals(0, broker.inFlight());
        int calls = broker.calls.size();
        session.commit();
        assertEquals(calls, broker.calls.size(), "an empty transaction needs no broker");
    }

    @Test
    void rollbackBringsMessagesBackInOrder() throws JMSException {
        Session plain = connection.createSession();
        MessageProducer producer = plain.createProducer(queue);
        for (int i = 1; i <= 12; i++) {
            producer.send(plain.createTextMessage(Integer.toString(i)));
        }
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(queue);
        for (int i = 1; i <= 8; i++) {
            consumer.receive(5_000);
        }
        session.createProducer(queue).send(session.createTextMessage("never"));
        session.rollback();
        List<String> got = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            TextMessage message = (TextMessage) consumer.receive(5_000);
            got.add(message.getText() + (message.getJMSRedelivered() ? " again" : ""));
        }
        assertEquals(
                List.of(
                        "1 again", "2 again", "3 again", "4 again", "5 again", "6 again", "7 again", "8 again", "9",
                        "10", "11", "12"),
                got);
        assertNull(consumer.receiveNoWait());
        session.close();
        assertEquals(12, broker.ready(NAME));
    }

    @Test
    void aFailedSendMakesCommitRollBack() throws JMSException {
        broker.missing = DestinationName.queue("missing");
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(null);
        producer.send(queue, session.createMessage());
        producer.send(new PosthornQueue("missing"), session.createMessage());
        Await.until("answered", () -> broker.ready(NAME) == 0);
        TransactionRolledBackException refused = assertThrows(TransactionRolledBackException.class, session::commit);
        assertSame(refused.getLinkedException(), refused.getCause());
        assertEquals(0, broker.ready(NAME));
        producer.send(queue, session.createMessage());
        session.commit();
        assertEquals(1, broker.ready(NAME));
    }

    @Test
    void aCommitThatTheBrokerRollsBackBringsTheMessagesAgain() throws JMSException {
        Session plain = connection.createSession();
        plain.createProducer(queue).send(plain.createTextMessage("1"));
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(queue);
        consumer.receive(5_000);
        broker.commitFailure =
                new ProviderException(ProviderException.Kind.TRANSACTION_ROLLED_BACK, "the broker restarted");
        assertThrows(TransactionRolledBackException.class, session::commit);
        broker.commitFailure = null;
        assertTrue(consumer.receive(5_000).getJMSRedelivered());
        session.commit();
        assertEquals(0, broker.ready(NAME));
    }

    @Test
    void transactionsWorkInsideAListener() throws JMSException {
        Session plain = connection.createSession();
        plain.createProducer(queue).send(plain.createTextMessage("1"));
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        List<Boolean> redelivered = new CopyOnWriteArrayList<>();
        CountDownLatch committed = new CountDownLatch(1);
        session.createConsumer(queue)
                .setMessageListener(message -> JmsCall.perform(() -> {
                    redelivered.add(message.getJMSRedelivered());
                    if (message.getJMSRedelivered()) {
                        session.commit();
                        committed.countDown();
                    } else {
                        session.rollback();
                    }
                }));
        Await.latch(committed);
        assertEquals(List.of(false, true), redelivered);
        Await.until("settled", () -> broker.ready(NAME) == 0 && broker.inFlight() == 0);
    }
}
