package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.Await;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Asynchronous sends: order, what waits for them, what a callback finds and must not do. */
class AsyncSendIT extends MessagingTest {

    /** A step of a callback. */
    private interface Step {
        void run(Message message) throws Exception;
    }

    /** Runs a step in each callback; notes what it throws, and how many callbacks have returned. */
    private static final class Callback implements CompletionListener {

        private final Step step;
        private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        private final List<String> confirmed = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

        Callback(Step step) {
            this.step = step;
        }

        @Override
        public void onCompletion(Message message) {
            threads.add(Thread.currentThread());
            try {
                step.run(message);
                confirmed.add(message instanceof TextMessage text ? text.getText() : "");
            } catch (Exception | AssertionError failed) {
                failures.add(failed);
            }
        }

        @Override
        public void onException(Message message, Exception exception) {
            failures.add(exception);
        }

        void assertDone(int count) {
            assertEquals(List.of(), failures);
            assertEquals(count, confirmed.size());
        }
    }

    private static Callback plain() {
        return new Callback(message -> {});
    }

    /** A callback that returns only when the latch is open. */
    private static Callback heldBy(CountDownLatch latch) {
        return new Callback(message -> assertTrue(latch.await(COMES_MS, TimeUnit.MILLISECONDS)));
    }

    /** What a step throws; null when it does not. */
    private static Exception thrownBy(Callable<?> step) {
        try {
            step.call();
            return null;
        } catch (Exception thrown) {
            return thrown;
        }
    }

    @Test
    @Checklist({"21.05", "21.04"})
    void synchronousAndAsynchronousSendsKeepTheirOrder() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        Callback callback = plain();
        List<String> expected = new ArrayList<>();
        List<String> async = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String text = "m" + i;
            expected.add(text);
            if (i % 3 == 0) {
                producer.send(session.createTextMessage(text));
            } else {
                async.add(text);
                producer.send(session.createTextMessage(text), callback);
            }
        }
        assertEquals(expected, receive(session.createConsumer(queue), 60));
        producer.close();
        callback.assertDone(40);
        assertEquals(async, callback.confirmed);
        assertFalse(callback.threads.contains(Thread.currentThread()));
    }

    /** Runs a call that has to wait for callbacks, which are let go while it runs. */
    private void assertWaits(Session session, Callable<?> call) throws Exception {
        Queue queue = session.createQueue(name("queue"));
        CountDownLatch latch = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Callback callback = heldBy(latch);
        MessageProducer producer = session.createProducer(queue);
        producer.send(session.createTextMessage("a"), callback);
        producer.send(session.createTextMessage("b"), DeliveryMode.NON_PERSISTENT, 4, 0, callback);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Integer> confirmed = Collections.synchronizedList(new ArrayList<>());
        Thread waiter = new Thread(() -> {
            try {
                call.call();
                confirmed.add(callback.confirmed.size());
            } catch (Exception failed) {
                failures.add(failed);
            }
            over.countDown();
        });
        waiter.start();
        assertFalse(over.await(60, TimeUnit.MILLISECONDS));
        latch.countDown();
        assertTrue(over.await(COMES_MS, TimeUnit.MILLISECONDS));
        assertEquals(List.of(), failures);
        callback.assertDone(2);
        assertEquals(List.of(2), confirmed);
    }

    private static Callable<Void> doing(JmsAction action) {
        return () -> {
            action.run();
            return null;
        };
    }

    /** A call of the API without a result. */
    private interface JmsAction {
        void run() throws JMSException;
    }

    @Test
    @Checklist({"21.06", "21.07"})
    void closeWaitsForTheCallbacks() throws Exception {
        Connection connection = connect();
        assertWaits(connection.createSession(), doing(connection::close));
        Session session = connect().createSession();
        assertWaits(session, doing(session::close));
        Session other = connect().createSession();
        MessageProducer producer = other.createProducer(null);
        assertWaits(other, doing(producer::close));
    }

    @Test
    @Checklist({"21.06", "21.07", "25.09"})
    void commitAndRollbackWaitForTheCallbacks() throws Exception {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name("queue"));
        assertWaits(session, doing(session::rollback));
        assertWaits(session, doing(session::commit));
        Session reader = connect().createSession();
        MessageConsumer consumer = reader.createConsumer(queue);
        List<String> got = receive(consumer, 2);
        Collections.sort(got);
        assertEquals(List.of("a", "b"), got);
        assertEquals(List.of(), rest(consumer));
    }

    @Test
    @Checklist({"21.06", "28.02"})
    void closingAContextWaitsForTheCallbacks() throws Exception {
        JMSContext context = factory().createContext();
        CountDownLatch latch = new CountDownLatch(1);
        Callback callback = heldBy(latch);
        context.createProducer().setAsync(callback).send(context.createQueue(name("queue")), "a");
        CountDownLatch over = new CountDownLatch(1);
        new Thread(() -> {
                    context.close();
                    over.countDown();
                })
                .start();
        assertFalse(over.await(60, TimeUnit.MILLISECONDS));
        latch.countDown();
        assertTrue(over.await(COMES_MS, TimeUnit.MILLISECONDS));
        callback.assertDone(1);
    }

    @Test
    @Checklist({"21.08", "6.20", "6.21"})
    void aCallbackMustNotEndWhatItBelongsTo() throws Exception {
        for (int mode : new int[] {Session.AUTO_ACKNOWLEDGE, Session.SESSION_TRANSACTED}) {
            Connection connection = connect();
            Session session = connection.createSession(mode);
            Queue queue = session.createQueue(name("queue" + mode));
            MessageProducer producer = session.createProducer(queue);
            List<Exception> thrown = Collections.synchronizedList(new ArrayList<>());
            Callback callback = new Callback(message -> {
                thrown.add(thrownBy(doing(producer::close)));
                thrown.add(thrownBy(doing(session::close)));
                thrown.add(thrownBy(doing(connection::close)));
                thrown.add(thrownBy(doing(session::commit)));
                thrown.add(thrownBy(doing(session::rollback)));
            });
            producer.send(session.createTextMessage("a"), callback);
            Await.until("the callback", () -> callback.confirmed.size() == 1);
            for (Exception each : thrown) {
                assertNotNull(each);
                assertEquals(IllegalStateException.class, each.getClass());
            }
            assertEquals(5, thrown.size());
            // All of it is still open.
            producer.send(session.createTextMessage("b"));
            if (mode == Session.SESSION_TRANSACTED) {
                session.commit();
            }
            assertEquals(List.of("a", "b"), receive(session.createConsumer(queue), 2));
        }
    }

    @Test
    @Checklist({"21.08", "5.07"})
    void aCallbackMustNotEndItsContextButMayStopIt() throws Exception {
        JMSContext context = context(JMSContext.SESSION_TRANSACTED);
        Queue queue = context.createQueue(name("queue"));
        List<Exception> thrown = Collections.synchronizedList(new ArrayList<>());
        Callback callback = new Callback(message -> {
            thrown.add(thrownBy(doing(context::close)));
            thrown.add(thrownBy(doing(context::commit)));
            thrown.add(thrownBy(doing(context::rollback)));
            context.stop();
            context.start();
        });
        context.createProducer().setAsync(callback).send(queue, "a");
        Await.until("the callback", () -> callback.confirmed.size() + callback.failures.size() == 1);
        callback.assertDone(1);
        for (Exception each : thrown) {
            assertNotNull(each);
            assertEquals(IllegalStateRuntimeException.class, each.getClass());
        }
        assertEquals(3, thrown.size());
        context.commit();
        assertEquals("a", context.createConsumer(queue).receiveBody(String.class, COMES_MS));
        context.commit();
    }

    @Test
    @Checklist({"21.08", "2.11"})
    void aCallbackMayUseItsSessionOtherwise() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        Callback callback = new Callback(message -> {
            producer.send(session.createTextMessage("from the callback"));
            session.createProducer(queue).close();
            session.createConsumer(queue).close();
        });
        producer.send(session.createTextMessage("a"), callback);
        Await.until("the callback", () -> callback.confirmed.size() + callback.failures.size() == 1);
        callback.assertDone(1);
        assertEquals(List.of("a", "from the callback"), receive(session.createConsumer(queue), 2));
    }

    @Test
    @Checklist({"21.09", "21.10"})
    void theCallbackFindsTheMessageAsItWasSent() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        TextMessage sent = session.createTextMessage("text");
        sent.setStringProperty("colour", "red");
        List<Message> seen = Collections.synchronizedList(new ArrayList<>());
        Callback callback = new Callback(message -> {
            seen.add(message);
            assertEquals("text", text(message));
            assertEquals("red", message.getStringProperty("colour"));
            assertEquals(queue, message.getJMSDestination());
            assertEquals(7, message.getJMSPriority());
            assertEquals(DeliveryMode.NON_PERSISTENT, message.getJMSDeliveryMode());
            assertEquals(message.getJMSTimestamp() + 60_000, message.getJMSExpiration());
            assertTrue(message.getJMSMessageID().startsWith("ID:"));
        });
        producer.send(sent, DeliveryMode.NON_PERSISTENT, 7, 60_000, callback);
        producer.close();
        callback.assertDone(1);
        assertSame(sent, seen.get(0));
        Message received = session.createConsumer(queue).receive(COMES_MS);
        assertEquals(sent.getJMSMessageID(), received.getJMSMessageID());
    }

    @Test
    @Checklist("21.10")
    void bytesAndStreamsAreResetInTheCallback() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        BytesMessage bytes = session.createBytesMessage();
        bytes.writeInt(42);
        StreamMessage stream = session.createStreamMessage();
        stream.writeString("item");
        Callback callback = new Callback(message -> {
            if (message instanceof BytesMessage b) {
                assertEquals(4, b.getBodyLength());
                assertEquals(42, b.readInt());
            } else {
                assertEquals("item", ((StreamMessage) message).readString());
            }
        });
        producer.send(bytes, callback);
        producer.send(stream, callback);
        producer.close();
        callback.assertDone(2);
    }

    /** A bytes message of another provider with a body of two bytes; tells where its reader is. */
    private static BytesMessage foreign(AtomicInteger position) {
        InvocationHandler calls = (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "reset":
                    position.set(0);
                    return null;
                case "getBodyLength":
                    return 2L;
                case "readBytes":
                    ((byte[]) arguments[0])[0] = 4;
                    ((byte[]) arguments[0])[1] = 2;
                    position.set(2);
                    return 2;
                default:
                    return null;
            }
        };
        return (BytesMessage)
                Proxy.newProxyInstance(AsyncSendIT.class.getClassLoader(), new Class<?>[] {BytesMessage.class}, calls);
    }

    @Test
    @Checklist({"21.10", "15.01"})
    void otherProvidersBytesAreResetToo() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        AtomicInteger position = new AtomicInteger();
        Callback callback = new Callback(message -> assertEquals(0, position.get()));
        producer.send(foreign(position), callback);
        producer.close();
        callback.assertDone(1);
        BytesMessage received = (BytesMessage) session.createConsumer(queue).receive(COMES_MS);
        assertEquals(2, received.getBodyLength());
        assertEquals(4, received.readByte());
    }

    @Test
    @Checklist("21.11")
    void touchingAMessageAfterTheSendDoesNotChangeWhatIsSent() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        Callback callback = plain();
        TextMessage message = session.createTextMessage("as sent");
        message.setIntProperty("n", 1);
        producer.send(message, callback);
        message.setText("changed");
        message.setIntProperty("n", 2);
        producer.close();
        assertEquals(List.of(), callback.failures);
        Message received = session.createConsumer(queue).receive(COMES_MS);
        assertEquals("as sent", text(received));
        assertEquals(1, received.getIntProperty("n"));
    }

    @Test
    @Checklist("21.12")
    void setAsyncHoldsForTheSendsAfterIt() {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        JMSProducer producer = context.createProducer();
        Callback first = plain();
        Callback second = plain();
        assertNull(producer.getAsync());
        producer.setAsync(first).send(queue, "a").send(queue, "b");
        assertSame(first, producer.getAsync());
        producer.setAsync(second).send(queue, "c");
        producer.setAsync(null).send(queue, "d");
        assertNull(producer.getAsync());
        JMSContext reader = context(JMSContext.AUTO_ACKNOWLEDGE);
        var consumer = reader.createConsumer(queue);
        for (String text : List.of("a", "b", "c", "d")) {
            assertEquals(text, consumer.receiveBody(String.class, COMES_MS));
        }
        context.close();
        first.assertDone(2);
        second.assertDone(1);
        assertEquals(List.of("a", "b"), first.confirmed);
    }

    @Test
    @Checklist("21.13")
    void aCallbackThatThrowsDoesNotStopTheNext() throws Exception {
        Session session = connect().createSession();
        MessageProducer producer = session.createProducer(session.createQueue(name("queue")));
        List<String> called = Collections.synchronizedList(new ArrayList<>());
        CompletionListener throwing = new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                called.add("completed");
                throw new UnsupportedOperationException("planned failure");
            }

            @Override
            public void onException(Message message, Exception exception) {
                called.add("failed");
            }
        };
        Callback after = plain();
        producer.send(session.createTextMessage("a"), throwing);
        producer.send(session.createTextMessage("b"), after);
        producer.close();
        assertEquals(List.of("completed"), called);
        after.assertDone(1);
    }

    @Test
    @Checklist({"21.02", "21.15"})
    void aSendThatTheBrokerRefusesEndsInOnException() throws Exception {
        Session session = connect().createSession();
        Session other = connect().createSession();
        var temporary = other.createTemporaryQueue();
        MessageProducer producer = session.createProducer(null);
        temporary.delete();
        Callback callback = plain();
        producer.send(temporary, session.createTextMessage("nowhere"), callback);
        producer.send(session.createQueue(name("queue")), session.createTextMessage("somewhere"), callback);
        producer.close();
        assertEquals(1, callback.failures.size());
        assertEquals(
                jakarta.jms.InvalidDestinationException.class,
                callback.failures.get(0).getClass());
        assertEquals(List.of("somewhere"), callback.confirmed);
    }
}
