package io.posthorn.thirdparty;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.naming.Context;
import javax.naming.InitialContext;

/**
 * A small JMS program for JVMs with a class path or module path of the test's choice: sends, receives, listens and commits, says
 * "worked", and does it again on the same connection for every line it reads. First it tells which Netty the client is using.
 * Argument: the URL.
 */
public final class RoundTrip {

    private static final long COMES_MS = 20_000;

    private final Connection connection;
    private final Session session;
    private final Queue queue;

    private RoundTrip(Connection connection) throws JMSException {
        this.connection = connection;
        this.session = connection.createSession();
        this.queue = session.createQueue("RoundTrip");
    }

    public static void main(String[] args) throws Exception {
        Properties names = new Properties();
        names.put(Context.INITIAL_CONTEXT_FACTORY, "io.posthorn.jms.naming.PosthornInitialContextFactory");
        names.put("connectionFactory.posthorn", args[0]);
        ConnectionFactory factory = (ConnectionFactory) new InitialContext(names).lookup("posthorn");
        System.out.println(netty());
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Connection connection = factory.createConnection()) {
            connection.start();
            RoundTrip program = new RoundTrip(connection);
            do {
                program.receive();
                program.listen();
                program.commit();
                System.out.println("worked");
            } while (!"end".equals(input.readLine()));
        }
    }

    /** Classes are looked for, because a jar's manifest may be absent; IoHandler came with 4.2. */
    private static String netty() {
        // In two parts, or a relocation of this class would change the name.
        String plain = String.join(".", "io", "netty");
        if (exists("io.posthorn.shaded." + plain + ".channel.Channel")) {
            return exists(plain + ".channel.Channel") ? "both" : "relocated Netty";
        }
        return exists(plain + ".channel.IoHandler") ? "Netty 4.2" : "Netty 4.1";
    }

    private static boolean exists(String className) {
        try {
            Class.forName(className, false, RoundTrip.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    private void receive() throws JMSException {
        MessageProducer producer = session.createProducer(queue);
        producer.send(session.createTextMessage("small"));
        producer.send(session.createTextMessage("x".repeat(300_000)));
        try (MessageConsumer consumer = session.createConsumer(queue)) {
            check(5, consumer.receive(COMES_MS));
            check(300_000, consumer.receive(COMES_MS));
        }
    }

    private void listen() throws JMSException, InterruptedException {
        int count = 100;
        CountDownLatch heard = new CountDownLatch(count);
        Session listening = connection.createSession();
        listening.createConsumer(queue).setMessageListener(message -> heard.countDown());
        MessageProducer producer = session.createProducer(queue);
        for (int i = 0; i < count; i++) {
            producer.send(session.createTextMessage("to be heard"));
        }
        if (!heard.await(COMES_MS, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("not heard: " + heard);
        }
        listening.close();
    }

    private void commit() throws JMSException {
        try (Session transacted = connection.createSession(Session.SESSION_TRANSACTED)) {
            transacted.createProducer(queue).send(transacted.createTextMessage("committed"));
            transacted.commit();
            MessageConsumer consumer = transacted.createConsumer(queue);
            check(9, consumer.receive(COMES_MS));
            transacted.rollback();
            check(9, consumer.receive(COMES_MS));
            transacted.commit();
        }
    }

    private static void check(int length, Message message) throws JMSException {
        if (message == null || message.getBody(String.class).length() != length) {
            throw new IllegalStateException("not of " + length + " characters: " + message);
        }
    }
}
