package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The program of LeavesNothingIT: uses the client in every way that starts threads or takes memory, closes it, and prints what is
 * left. Its argument is the URL.
 */
final class Leftovers {

    private static final long COMES_MS = 20_000;

    private final ConnectionFactory factory;

    private Leftovers(String url) {
        factory = new PosthornConnectionFactory(url + "?failoverTimeoutMs=1000");
    }

    public static void main(String[] args) throws Exception {
        OwnResources before = OwnResources.atStart();
        new Leftovers(args[0]).work();
        System.out.println(OwnResources.leftSince(before, true));
    }

    private void work() throws Exception {
        try (Connection one = factory.createConnection();
                Connection two = factory.createConnection()) {
            one.setExceptionListener(problem -> {});
            one.start();
            two.start();
            listen(one, two);
            receive(one);
            transact(two);
            browse(two);
        }
    }

    private static void listen(Connection from, Connection to) throws Exception {
        int count = 200;
        CountDownLatch both = new CountDownLatch(2 * count);
        Session listening = to.createSession();
        Queue queue = listening.createQueue("Leftovers.listen");
        listening.createConsumer(queue).setMessageListener(message -> both.countDown());
        Session sending = from.createSession();
        MessageProducer producer = sending.createProducer(queue);
        for (int i = 0; i < count; i++) {
            producer.send(sending.createTextMessage("x".repeat(1 + 100 * i)), new CompletionListener() {
                @Override
                public void onCompletion(Message message) {
                    both.countDown();
                }

                @Override
                public void onException(Message message, Exception failure) {
                    failure.printStackTrace();
                }
            });
        }
        if (!both.await(COMES_MS, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("not all came: " + both);
        }
    }

    private static void receive(Connection connection) throws JMSException {
        Session session = connection.createSession();
        Queue queue = session.createTemporaryQueue();
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.send(session.createTextMessage("y".repeat(1_000_000)));
        producer.send(session.createTextMessage("left behind"));
        MessageConsumer consumer = session.createConsumer(queue);
        if (consumer.receive(COMES_MS) == null) {
            throw new IllegalStateException("nothing came");
        }
    }

    private static void transact(Connection connection) throws JMSException {
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(session.createQueue("Leftovers.transact"));
        producer.send(session.createTextMessage("committed"));
        session.commit();
        producer.send(session.createTextMessage("open at the end"));
    }

    private static void browse(Connection connection) throws JMSException {
        Session session = connection.createSession();
        QueueBrowser browser = session.createBrowser(session.createQueue("Leftovers.transact"));
        if (!browser.getEnumeration().hasMoreElements()) {
            throw new IllegalStateException("nothing to browse");
        }
    }
}
