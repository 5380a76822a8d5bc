package io.posthorn.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.message.BodyType;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.provider.ProviderException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Credit, hand-over and acknowledgement of consumers, against a broker in memory. */
@Timeout(30)
class ConsumingTest {

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

    private void send(int from, int to) throws JMSException {
        try (Session session = connection.createSession();
                MessageProducer producer = session.createProducer(queue)) {
            for (int i = from; i <= to; i++) {
                producer.send(session.createTextMessage(Integer.toString(i)));
            }
        }
    }

    private static int number(Message message) throws JMSException {
        return Integer.parseInt(((TextMessage) message).getText());
    }

    @Test
    void receivesInOrderAndAcknowledgesBeforeItReturns() throws JMSException {
        send(1, 50);
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        for (int i = 1; i <= 50; i++) {
            assertEquals(i, number(consumer.receive(5_000)));
        }
        assertNull(consumer.receiveNoWait());
        assertEquals(0, broker.ready(NAME));
        assertEquals(0, broker.inFlight());
        assertTrue(broker.calls.contains("ACCEPT 1-1"));
    }

    @Test
    void anEmptyAnswerIsGivenOnlyAfterTheBrokerWasAsked() throws JMSException {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        assertNull(consumer.receiveNoWait());
        assertNull(consumer.receive(20));
        assertEquals(
                2,
                broker.calls.stream().filter(call -> call.startsWith("drain")).count());
        assertEquals(0, broker.openCredit());
        send(1, 1);
        assertEquals(1, number(consumer.receiveNoWait()));
    }

    @Test
    void noCreditIsGrantedWhileADrainIsUnanswered() throws Exception {
        send(1, 1);
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        broker.holdDrains = true;
        assertEquals(1, number(consumer.receiveNoWait()));
        Thread[] receiver = new Thread[1];
        CompletableFuture<Message> waiting = CompletableFuture.supplyAsync(() -> {
            receiver[0] = Thread.currentThread();
            return JmsCall.get(() -> consumer.receive());
        });
        Await.until(
                "receiver waits", () -> receiver[0] != null && receiver[0].getState() == Thread.State.TIMED_WAITING);
        // The answer takes all credit back, also what was granted before it.
        broker.answerDrains();
        send(2, 2);
        assertEquals(2, number(waiting.get(5, TimeUnit.SECONDS)));
    }

    @Test
    void anIdleConsumerHoldsNothingBack() throws JMSException {
        send(1, 40);
        MessageConsumer first = connection.createSession().createConsumer(queue);
        for (int i = 1; i <= 20; i++) {
            assertEquals(i, number(first.receive(5_000)));
        }
        // Some are fetched ahead now; an application that stops asking loses them again, uncounted.
        Await.until("given back", () -> broker.ready(NAME) == 20 && broker.inFlight() == 0);
        Message next = connection.createSession().createConsumer(queue).receive(5_000);
        assertEquals(21, number(next));
        assertFalse(next.getJMSRedelivered());
    }

    @Test
    void whatIsUnreadGoesBackOnlyWhenNothingMoreCanComeToPassIt() throws Exception {
        send(1, 22);
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        for (int i = 1; i <= 20; i++) {
            assertEquals(i, number(consumer.receive(5_000)));
        }
        broker.holdDrains = true;
        Await.until("its credit is taken back", () -> broker.calls.stream().anyMatch(call -> call.startsWith("drain")));
        assertTrue(broker.inFlight() > 0);
        assertFalse(broker.calls.stream().anyMatch(call -> call.startsWith("RELEASE")), broker.calls::toString);
        send(23, 40);
        broker.answerDrains();
        for (int i = 21; i <= 40; i++) {
            assertEquals(i, number(consumer.receive(5_000)));
        }
    }

    @Test
    void aConsumerThatWasNeverReadGetsNothing() throws JMSException {
        send(1, 1);
        connection.createSession().createConsumer(queue);
        assertEquals(0, broker.openCredit());
        assertEquals(1, broker.ready(NAME));
    }

    @Test
    void consumersOfOneSessionTakeTurnsWithoutLosingMessages() throws JMSException {
        send(1, 60);
        Session session = connection.createSession();
        MessageConsumer first = session.createConsumer(queue);
        MessageConsumer second = session.createConsumer(queue);
        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Message message = (i / 10 % 2 == 0 ? first : second).receiveNoWait();
            assertNotNull(message, "message " + i);
            got.add(number(message));
        }
        for (int i = 0; i < 60; i++) {
            assertEquals(i + 1, got.get(i));
        }
    }

    @Test
    void aStoppedConnectionDeliversNothingAndHoldsNothing() throws JMSException {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        List<Integer> heard = new ArrayList<>();
        MessageConsumer listening = connection.createSession().createConsumer(new PosthornQueue("other"));
        listening.setMessageListener(message -> heard.add(1));
        Await.until("window open", () -> broker.openCredit() == 256);
        connection.stop();
        assertEquals(0, broker.openCredit());
        send(1, 2);
        assertNull(consumer.receiveNoWait());
        assertNull(consumer.receive(20));
        assertEquals(2, broker.ready(NAME));
        connection.start();
        assertEquals(1, number(consumer.receive(5_000)));
        assertTrue(heard.isEmpty());
    }

    @Test
    void stopWaitsForTheListenerAndGivesTheUnreadBack() throws Exception {
        send(1, 10);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicInteger heard = new AtomicInteger();
        connection.createSession().createConsumer(queue).setMessageListener(message -> {
            heard.incrementAndGet();
            entered.countDown();
            Await.latch(leave);
        });
        Await.latch(entered);
        Thread stopping = new Thread(() -> JmsCall.perform(connection::stop));
        stopping.start();
        Await.until("stop waits", () -> stopping.getState() == Thread.State.WAITING);
        assertEquals(1, heard.get());
        leave.countDown();
        stopping.join(10_000);
        assertFalse(stopping.isAlive());
        assertEquals(1, heard.get());
        Await.until("nine back", () -> broker.ready(NAME) == 9 && broker.inFlight() == 0);
        assertEquals(0, broker.openCredit());
    }

    @Test
    void aDupsOkListenerGetsEverythingInOrderAndItIsAcknowledgedInSpans() throws JMSException {
        List<Integer> heard = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(1_000);
        send(1, 1_000);
        connection
                .createSession(Session.DUPS_OK_ACKNOWLEDGE)
                .createConsumer(queue)
                .setMessageListener(message -> {
                    heard.add(JmsCall.get(() -> number(message)));
                    all.countDown();
                });
        Await.latch(all);
        for (int i = 0; i < 1_000; i++) {
            assertEquals(i + 1, heard.get(i));
        }
        Await.until("all settled", () -> broker.inFlight() == 0 && broker.ready(NAME) == 0);
        long acknowledgements =
                broker.calls.stream().filter(call -> call.startsWith("ACCEPT")).count();
        assertTrue(acknowledgements < 500, acknowledgements + " acknowledgements for 1,000 messages");
    }

    @Test
    void whatAListenerThrowsBringsTheMessageAgainBeforeTheNext() throws JMSException {
        send(1, 5);
        List<String> heard = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(6);
        connection.createSession().createConsumer(queue).setMessageListener(message -> {
            String text = JmsCall.get(() -> number(message) + "/" + message.getIntProperty("JMSXDeliveryCount") + "/"
                    + message.getJMSRedelivered());
            heard.add(text);
            all.countDown();
            if (text.equals("2/1/false")) {
                throw new IllegalArgumentException("the second, for the first time");
            }
        });
        Await.latch(all);
        assertEquals(List.of("1/1/false", "2/1/false", "2/2/true", "3/1/false", "4/1/false", "5/1/false"), heard);
        Await.until("all settled", () -> broker.inFlight() == 0 && broker.ready(NAME) == 0);
    }

    @Test
    void recoverInAnAutomaticListenerBringsOnlyItsMessageAgain() throws JMSException {
        send(1, 3);
        Session session = connection.createSession();
        List<Integer> heard = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(4);
        session.createConsumer(queue).setMessageListener(message -> {
            JmsCall.perform(() -> {
                heard.add(number(message));
                if (number(message) == 2 && !message.getJMSRedelivered()) {
                    session.recover();
                }
            });
            all.countDown();
        });
        Await.latch(all);
        assertEquals(List.of(1, 2, 2, 3), heard);
    }

    @Test
    void clientAcknowledgeCoversTheSessionAndRecoverTheRest() throws JMSException {
        send(1, 5);
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals(1, number(consumer.receive(5_000)));
        Message second = consumer.receive(5_000);
        second.acknowledge();
        assertTrue(broker.calls.contains("ACCEPT 1-2"));
        assertEquals(3, number(consumer.receive(5_000)));
        assertEquals(4, number(consumer.receive(5_000)));
        session.recover();
        Message third = consumer.receive(5_000);
        assertEquals(3, number(third));
        assertTrue(third.getJMSRedelivered());
        assertEquals(2, third.getIntProperty("JMSXDeliveryCount"));
        assertEquals(4, number(consumer.receive(5_000)));
        Message fifth = consumer.receive(5_000);
        assertEquals(5, number(fifth));
        assertFalse(fifth.getJMSRedelivered());
        session.close();
        assertEquals(3, broker.ready(NAME));
        assertThrows(jakarta.jms.IllegalStateException.class, fifth::acknowledge);
    }

    @Test
    void aClosedConsumersMessagesStayWithItsSession() throws JMSException {
        send(1, 2);
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue);
        Message first = consumer.receive(5_000);
        consumer.close();
        assertTrue(broker.calls.contains("closeConsumer 1 keep"));
        first.acknowledge();
        assertTrue(broker.calls.contains("ACCEPT 1-1"));
        assertEquals(1, broker.ready(NAME));
    }

    @Test
    void aReceiverAndAListenerGoOnAfterAnInterruption() throws JMSException {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        CompletableFuture<Message> waiting =
                CompletableFuture.supplyAsync(() -> JmsCall.get(() -> consumer.receive(10_000)));
        Await.until("receiver waits", () -> broker.openCredit() == 1);
        broker.interrupt();
        Await.until("credit granted anew", () -> broker.openCredit() == 1);
        send(1, 1);
        assertEquals(1, number(waiting.join()));

        CountDownLatch heard = new CountDownLatch(1);
        MessageConsumer listening = connection.createSession().createConsumer(queue);
        listening.setMessageListener(message -> heard.countDown());
        Await.until("window open", () -> broker.openCredit() >= 256);
        broker.interrupt();
        Await.until("window open again", () -> broker.openCredit() >= 256);
        send(2, 2);
        Await.latch(heard);
    }

    @Test
    void aBatchThatWasCutOffIsVoidAndItsIdsAreUsedUp() throws JMSException {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        CompletableFuture<Message> waiting =
                CompletableFuture.supplyAsync(() -> JmsCall.get(() -> consumer.receive(10_000)));
        Await.until("receiver waits", () -> broker.openCredit() == 1);
        MessageHead head = new MessageHead();
        head.destination(NAME);
        head.bodyType(BodyType.TEXT);
        broker.publishQuietly(EncodedMessage.encode(head, "1".getBytes(StandardCharsets.UTF_8)));
        broker.interrupt();
        assertEquals(1, number(waiting.join()));
    }

    @Test
    void unreadMessagesOfALostConnectionAreForgotten() throws Exception {
        send(1, 3);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        List<Integer> heard = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(3);
        connection.createSession().createConsumer(queue).setMessageListener(message -> {
            heard.add(JmsCall.get(() -> number(message)));
            entered.countDown();
            Await.latch(leave);
            all.countDown();
        });
        Await.latch(entered);
        broker.interrupt();
        leave.countDown();
        Await.latch(all);
        assertEquals(List.of(1, 2, 3), heard);
        Await.until("all settled", () -> broker.inFlight() == 0 && broker.ready(NAME) == 0);
    }

    @Test
    void aConsumerEndedByTheBrokerFailsItsReceivers() throws JMSException {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        CompletableFuture<Message> waiting = CompletableFuture.supplyAsync(() -> JmsCall.get(() -> consumer.receive()));
        Await.until("receiver waits", () -> broker.openCredit() == 1);
        broker.endConsumers(new ProviderException(ProviderException.Kind.INVALID_DESTINATION, "deleted"));
        assertThrows(java.util.concurrent.CompletionException.class, waiting::join);
        assertThrows(InvalidDestinationException.class, consumer::receiveNoWait);
        consumer.close();
    }

    @Test
    void closingEndsAWaitingReceive() throws Exception {
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue);
        CompletableFuture<Message> waiting = CompletableFuture.supplyAsync(() -> JmsCall.get(() -> consumer.receive()));
        Await.until("receiver waits", () -> broker.openCredit() == 1);
        consumer.close();
        assertNull(waiting.get());
        MessageConsumer other = session.createConsumer(queue);
        CompletableFuture<Message> again = CompletableFuture.supplyAsync(() -> JmsCall.get(() -> other.receive()));
        Await.until("receiver waits", () -> broker.openCredit() == 1);
        connection.close();
        assertNull(again.get());
    }

    @Test
    void anExpiredMessageIsSettledUnseen() throws JMSException {
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(queue);
        producer.setTimeToLive(1);
        producer.send(session.createTextMessage("0"));
        long sent = io.posthorn.time.Clock.system().wallMs();
        Await.until("expired", () -> io.posthorn.time.Clock.system().wallMs() > sent + 1);
        producer.setTimeToLive(0);
        producer.send(session.createTextMessage("1"));
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals(1, number(consumer.receive(5_000)));
        Await.until("settled", () -> broker.inFlight() == 0);
    }

    @Test
    void aBodyOfTheWrongTypeStaysFirstInLine() throws JMSException {
        send(1, 2);
        try (var context = PosthornContext.open(broker.connect(), Session.AUTO_ACKNOWLEDGE)) {
            var consumer = context.createConsumer(queue);
            assertThrows(
                    jakarta.jms.MessageFormatRuntimeException.class,
                    () -> consumer.receiveBody(java.util.Map.class, 5_000));
            assertEquals("1", consumer.receiveBody(String.class, 5_000));
            TextMessage second = (TextMessage) consumer.receive(5_000);
            assertEquals("2", second.getText());
            assertFalse(second.getJMSRedelivered());
            assertNull(consumer.receiveBodyNoWait(String.class));
        }
    }

    @Test
    void aBrowserTakesNothing() throws JMSException {
        send(1, 300);
        Session session = connection.createSession();
        var browser = session.createBrowser(queue);
        for (int round = 0; round < 2; round++) {
            var messages = browser.getEnumeration();
            for (int i = 1; i <= 300; i++) {
                assertTrue(messages.hasMoreElements());
                assertEquals(i, number((Message) messages.nextElement()));
            }
            assertFalse(messages.hasMoreElements());
        }
        browser.close();
        assertThrows(jakarta.jms.IllegalStateException.class, browser::getEnumeration);
        assertEquals(300, broker.ready(NAME));
    }
}
