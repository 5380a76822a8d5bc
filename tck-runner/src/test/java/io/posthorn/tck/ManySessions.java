package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The program of ManySessionsIT: many sessions of one connection, each with a consumer on a temporary queue of its own, every second
 * one with a listener. A message to each must arrive. Two rounds: one gives everything back piece by piece, the other by closing the
 * connection. Arguments: URL, number of sessions.
 */
final class ManySessions {

    private static final long COMES_MS = 20_000;

    /** At 1,000 sessions, 1 KB kept of each would be noticed. */
    private static final long HEAP_TOLERANCE_BYTES = 1_000_000;

    private final ConnectionFactory factory;
    private final int count;

    private ManySessions(String url, int count) {
        this.factory = new PosthornConnectionFactory(url);
        this.count = count;
    }

    public static void main(String[] args) throws Exception {
        OwnResources before = OwnResources.atStart();
        ManySessions program = new ManySessions(args[0], Integer.parseInt(args[1]));
        program.round(true);
        System.out.println(OwnResources.leftSince(before, false));
        long heapBytes = usedHeapBytes();
        program.round(false);
        System.out.println(OwnResources.leftSince(before, false));
        long moreBytes = usedHeapBytes() - heapBytes;
        System.out.println(moreBytes < HEAP_TOLERANCE_BYTES ? "heap given back" : moreBytes + " more bytes of heap");
    }

    private static long usedHeapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** One session with all that belongs to it; listener is null where messages are received. */
    private record Place(Session session, TemporaryQueue queue, MessageConsumer consumer, CountDownLatch heard) {}

    private void round(boolean pieceByPiece) throws Exception {
        Connection connection = factory.createConnection();
        try (Connection other = factory.createConnection()) {
            connection.start();
            List<Place> places = open(connection);
            Session sending = other.createSession();
            MessageProducer producer = sending.createProducer(null);
            for (Place place : places) {
                producer.send(place.queue, sending.createTextMessage(place.queue.getQueueName()));
            }
            for (Place place : places) {
                expect(place);
            }
            if (pieceByPiece) {
                for (Place place : places) {
                    place.consumer.close();
                    place.queue.delete();
                    place.session.close();
                }
            }
            connection.close();
            System.out.println(places.size() + " answered, " + refused(sending, places) + " deleted");
        }
    }

    private List<Place> open(Connection connection) throws JMSException {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Session session = connection.createSession();
            TemporaryQueue queue = session.createTemporaryQueue();
            MessageConsumer consumer = session.createConsumer(queue);
            CountDownLatch heard = null;
            if (i % 2 == 0) {
                heard = new CountDownLatch(1);
                consumer.setMessageListener(listener(queue, heard));
            }
            places.add(new Place(session, queue, consumer, heard));
        }
        return places;
    }

    private static MessageListener listener(TemporaryQueue queue, CountDownLatch heard) {
        return message -> {
            try {
                if (message.getBody(String.class).equals(queue.getQueueName())) {
                    heard.countDown();
                }
            } catch (JMSException wrong) {
                throw new IllegalStateException(wrong);
            }
        };
    }

    private static void expect(Place place) throws Exception {
        if (place.heard != null) {
            if (!place.heard.await(COMES_MS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("not heard: " + place.queue);
            }
            return;
        }
        Message message = place.consumer.receive(COMES_MS);
        if (!message.getBody(String.class).equals(place.queue.getQueueName())) {
            throw new IllegalStateException("for " + place.queue + " came " + message);
        }
    }

    /** How many of the queues the broker does not know any more. */
    private static int refused(Session sending, List<Place> places) throws JMSException {
        MessageProducer producer = sending.createProducer(null);
        int refused = 0;
        for (Place place : places) {
            try {
                producer.send(place.queue, sending.createMessage());
            } catch (InvalidDestinationException gone) {
                refused++;
            }
        }
        return refused;
    }
}
