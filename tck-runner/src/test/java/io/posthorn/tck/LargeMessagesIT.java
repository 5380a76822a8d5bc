package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testing.TestXid;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.Topic;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that travel in chunks are messages like all others. */
class LargeMessagesIT extends MessagingTest {

    private static final int MIB = 1 << 20;
    private static final BigBody BODY = new BigBody(1, 2 * MIB + 12_345);

    private Connection connection;
    private Session session;
    private Queue queue;

    @BeforeEach
    void open() throws JMSException {
        connection = connect();
        session = connection.createSession();
        queue = session.createQueue(name("queue"));
    }

    private BytesMessage message(BigBody body) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        body.writeTo(message);
        return message;
    }

    private Message received() throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(queue)) {
            return consumer.receive(COMES_MS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {MIB - 1, MIB, MIB + 1, MIB + 262_144, 2 * MIB, 2 * MIB + 1, 5 * MIB - 1})
    @Checklist({"29.01", "14.01"})
    void everySizeArrivesAsItWas(int bytes) throws JMSException {
        BigBody body = new BigBody(bytes, bytes);
        for (int mode : new int[] {DeliveryMode.PERSISTENT, DeliveryMode.NON_PERSISTENT}) {
            session.createProducer(queue).send(message(body), mode, 4, 0);
            BytesMessage received = (BytesMessage) received();
            body.assertIn(received);
            assertEquals(-1, received.readBytes(new byte[1]));
            received.reset();
            assertEquals(bytes, received.getBodyLength());
            assertEquals(body.crc(), BigBody.crcOf(received));
        }
    }

    @Test
    @Checklist("14.05")
    void valuesAreReadAcrossThePiecesOfABody() throws JMSException {
        BytesMessage message = session.createBytesMessage();
        String text = "äx".repeat(10_000);
        for (int i = 0; i < 60; i++) {
            message.writeUTF(text);
            message.writeLong(i);
            message.writeByte((byte) i);
        }
        session.createProducer(queue).send(message);
        BytesMessage received = (BytesMessage) received();
        assertTrue(received.getBodyLength() > MIB);
        for (int i = 0; i < 60; i++) {
            assertEquals(text, received.readUTF());
            assertEquals(i, received.readLong());
            assertEquals(i, received.readByte());
        }
    }

    @Test
    @Checklist({"12.01", "13.01"})
    void otherTypesMayBeLargeToo() throws JMSException {
        MessageProducer producer = session.createProducer(queue);
        String text = "Umläute ".repeat(400_000);
        producer.send(session.createTextMessage(text));
        assertEquals(text, text(received()));
        producer.send(session.createObjectMessage(text));
        assertEquals(text, received().getBody(String.class));
        byte[] bytes = BODY.toArray();
        StreamMessage stream = session.createStreamMessage();
        stream.writeBytes(bytes);
        stream.writeInt(7);
        producer.send(stream);
        StreamMessage back = (StreamMessage) received();
        assertArrayEquals(bytes, (byte[]) back.readObject());
        assertEquals(7, back.readInt());
        context(JMSContext.AUTO_ACKNOWLEDGE).createProducer().send(queue, bytes);
        try (MessageConsumer consumer = session.createConsumer(queue)) {
            assertArrayEquals(bytes, consumer.receive(COMES_MS).getBody(byte[].class));
        }
        context(JMSContext.AUTO_ACKNOWLEDGE).createProducer().send(queue, bytes);
        try (var consumer = context(JMSContext.AUTO_ACKNOWLEDGE).createConsumer(queue)) {
            assertArrayEquals(bytes, consumer.receiveBody(byte[].class, COMES_MS));
        }
    }

    @Test
    @Checklist({"25.02", "25.03", "25.07"})
    void transactionsHoldThem() throws JMSException {
        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = transacted.createProducer(queue);
        MessageConsumer consumer = session.createConsumer(queue);
        producer.send(message(BODY));
        transacted.rollback();
        producer.send(message(BODY));
        producer.send(transacted.createTextMessage("small"));
        assertNull(consumer.receive(ABSENT_MS));
        transacted.commit();
        BODY.assertIn(consumer.receive(COMES_MS));
        assertEquals("small", text(consumer.receive(COMES_MS)));
        assertNull(consumer.receiveNoWait());
        consumer.close();

        producer.send(message(BODY));
        transacted.commit();
        MessageConsumer back = transacted.createConsumer(queue);
        BODY.assertIn(back.receive(COMES_MS));
        transacted.rollback();
        Message again = back.receive(COMES_MS);
        BODY.assertIn(again);
        assertTrue(again.getJMSRedelivered());
        transacted.commit();
        assertNull(back.receiveNoWait());
    }

    @Test
    @Checklist({"26.05", "26.04"})
    void branchesHoldThem() throws Exception {
        try (XAConnection xa = new PosthornXAConnectionFactory(server.url()).createXAConnection()) {
            xa.start();
            XASession branchSession = xa.createXASession();
            XAResource resource = branchSession.getXAResource();
            Xid xid = new TestXid(7, name("tx").getBytes(), new byte[] {1});
            resource.start(xid, XAResource.TMNOFLAGS);
            branchSession.createProducer(queue).send(message(BODY));
            resource.end(xid, XAResource.TMSUCCESS);
            assertEquals(XAResource.XA_OK, resource.prepare(xid));
            resource.commit(xid, false);
        }
        BODY.assertIn(received());
    }

    @Test
    @Checklist({"23.13", "29.03"})
    void theyAreRedeliveredAndBecomeDeadLettersWhole() throws JMSException {
        session.createProducer(queue).send(message(BODY));
        Session client = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = client.createConsumer(queue);
        for (int delivery = 1; delivery <= 10; delivery++) {
            Message received = consumer.receive(COMES_MS);
            assertNotNull(received, "delivery " + delivery);
            assertEquals(delivery, received.getIntProperty("JMSXDeliveryCount"));
            if (delivery == 2) {
                BODY.assertIn(received);
            }
            client.recover();
        }
        assertNull(consumer.receive(ABSENT_MS));
        MessageConsumer dead = session.createConsumer(session.createQueue("DLQ.QUEUE." + name("queue")));
        Message letter = dead.receive(COMES_MS);
        BODY.assertIn(letter);
        assertTrue(letter.propertyExists("JMS_PH_DeadLetterReason"));
    }

    @Test
    @Checklist({"19.01", "16.01"})
    void everySubscriptionGetsItsOwn() throws JMSException {
        Topic topic = session.createTopic(name("topic"));
        Connection other = connect(name("client"));
        Session second = other.createSession();
        MessageConsumer plain = session.createConsumer(topic);
        MessageConsumer selecting = session.createConsumer(topic, "kind = 'wanted'");
        MessageConsumer durable = second.createDurableSubscriber(topic, "durable");
        MessageConsumer shared = second.createSharedDurableConsumer(topic, "shared");
        BigBody wanted = new BigBody(2, MIB + 500_000);
        for (BigBody body : new BigBody[] {BODY, wanted}) {
            BytesMessage message = message(body);
            message.setStringProperty("kind", body == wanted ? "wanted" : "other");
            session.createProducer(topic).send(message);
        }
        wanted.assertIn(selecting.receive(COMES_MS));
        assertNull(selecting.receiveNoWait());
        for (MessageConsumer consumer : new MessageConsumer[] {plain, durable, shared}) {
            BODY.assertIn(consumer.receive(COMES_MS));
            wanted.assertIn(consumer.receive(COMES_MS));
        }
        durable.close();
        shared.close();
        second.unsubscribe("durable");
        second.unsubscribe("shared");
    }

    @Test
    @Checklist("17.06")
    void browsingShowsThemAndLeavesThem() throws JMSException {
        session.createProducer(queue).send(message(BODY));
        try (QueueBrowser browser = session.createBrowser(queue)) {
            Enumeration<?> shown = browser.getEnumeration();
            assertTrue(shown.hasMoreElements());
            BODY.assertIn((Message) shown.nextElement());
            assertFalse(shown.hasMoreElements());
        }
        BODY.assertIn(received());
    }

    @Test
    @Checklist({"9.05", "18.01", "20.03"})
    void priorityDelayAndTemporaryQueuesWork() throws JMSException {
        MessageProducer producer = session.createProducer(queue);
        producer.send(message(BODY), DeliveryMode.PERSISTENT, 1, 0);
        BigBody urgent = new BigBody(3, 2 * MIB);
        producer.send(message(urgent), DeliveryMode.PERSISTENT, 9, 0);
        urgent.assertIn(received());
        BODY.assertIn(received());
        producer.setDeliveryDelay(60);
        for (int mode : new int[] {DeliveryMode.PERSISTENT, DeliveryMode.NON_PERSISTENT}) {
            producer.send(message(BODY), mode, 4, 0);
            BODY.assertIn(received());
        }
        Queue temporary = session.createTemporaryQueue();
        session.createProducer(temporary).send(message(BODY));
        try (MessageConsumer consumer = session.createConsumer(temporary)) {
            BODY.assertIn(consumer.receive(COMES_MS));
        }
    }

    @Test
    @Checklist({"21.01", "22.01"})
    void listenersAndAsynchronousSendsTakeThem() throws Exception {
        BlockingQueue<Object> completed = new LinkedBlockingQueue<>();
        CompletionListener listener = new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                completed.add(message);
            }

            @Override
            public void onException(Message message, Exception exception) {
                completed.add(exception);
            }
        };
        BlockingQueue<Message> received = new LinkedBlockingQueue<>();
        Session listening = connection.createSession();
        listening.createConsumer(queue).setMessageListener(received::add);
        BytesMessage message = message(BODY);
        session.createProducer(queue).send(message, listener);
        assertEquals(message, completed.poll(COMES_MS, TimeUnit.MILLISECONDS));
        BODY.assertIn(received.poll(COMES_MS, TimeUnit.MILLISECONDS));
    }

    @Test
    @Checklist({"28.06", "23.01"})
    void aReceivedOneCanBeReadAfterTheEndAndSentOn() throws JMSException {
        session.createProducer(queue).send(message(BODY));
        Connection first = factory().createConnection();
        first.start();
        BytesMessage kept =
                (BytesMessage) first.createSession().createConsumer(queue).receive(COMES_MS);
        first.close();
        BODY.assertIn(kept);
        session.createProducer(queue).send(kept);
        BODY.assertIn(received());
        kept.clearBody();
        kept.writeInt(5);
        session.createProducer(queue).send(kept);
        assertEquals(5, ((BytesMessage) received()).readInt());
    }

    @Test
    @Checklist("15.02")
    void thoseOfOtherProvidersAreCopiedPieceByPiece() throws JMSException {
        session.createProducer(queue).send(Foreign.bytes(BODY.toArray()));
        BODY.assertIn(received());
    }

    @Test
    @Checklist("9.11")
    void expiredOnesDoNotCome() throws JMSException {
        session.createProducer(queue).send(message(BODY), DeliveryMode.PERSISTENT, 4, 1);
        assertNull(session.createConsumer(queue).receive(ABSENT_MS));
    }

    @Test
    @Checklist("30.01")
    void bodiesLieWhereTheFactorySaysAndLeaveNoNames(@TempDir Path spool) throws Exception {
        PosthornConnectionFactory factory = new PosthornConnectionFactory(server.url()
                + "?spoolThresholdBytes=1000&spoolDirectory=" + spool.toString().replace("/", "%2F"));
        assertEquals(spool.toString(), factory.getSpoolDirectory());
        BigBody body = new BigBody(9, 5_000);
        try (Connection own = factory.createConnection()) {
            own.start();
            Session session = own.createSession();
            BytesMessage message = session.createBytesMessage();
            body.writeTo(message);
            assertEquals(1, openFilesBelow(spool), "open files while it is written");
            session.createProducer(queue).send(message);
            body.assertIn(session.createConsumer(queue).receive(COMES_MS));
            try (Stream<Path> left = Files.list(spool)) {
                assertEquals(0, left.count());
            }
            message.clearBody();
        }
    }

    @Test
    @Checklist({"22.01", "29.01"})
    void aMessageForWhichThereIsNoRoomComesAgain(@TempDir Path spool) throws Exception {
        session.createProducer(queue).send(message(BODY));
        Path directory = Files.createDirectory(spool.resolve("directory"));
        String option = "?spoolDirectory=" + directory.toString().replace("/", "%2F");
        try (Connection own = new PosthornConnectionFactory(server.url() + option).createConnection()) {
            own.start();
            MessageConsumer consumer = own.createSession().createConsumer(queue);
            Files.delete(directory);
            JMSException failed = assertThrows(JMSException.class, () -> consumer.receive(COMES_MS));
            assertTrue(failed.getMessage().contains(directory.toString()), failed.getMessage());
            Files.createDirectory(directory);
            Message again = consumer.receive(COMES_MS);
            BODY.assertIn(again);
            assertEquals(2, again.getIntProperty("JMSXDeliveryCount"));
        }
    }

    private static long openFilesBelow(Path directory) throws Exception {
        File[] descriptors = new File("/proc/self/fd").listFiles();
        long count = 0;
        for (File descriptor : descriptors) {
            Path link = descriptor.toPath();
            if (Files.isSymbolicLink(link)
                    && Files.readSymbolicLink(link).toString().startsWith(directory.toString())) {
                count++;
            }
        }
        return count;
    }
}
