package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.Queue;
import jakarta.jms.Session;

/** A program that sends one large message, and receives it; started with a small heap. */
final class LargeClient {

    private LargeClient() {}

    /** URL, queue, bytes, "send" or "both". */
    public static void main(String[] arguments) throws Exception {
        BigBody body = new BigBody(21, Long.parseLong(arguments[2]));
        try (Connection connection = new PosthornConnectionFactory(arguments[0]).createConnection()) {
            connection.start();
            Session session = connection.createSession(Session.SESSION_TRANSACTED);
            Queue queue = session.createQueue(arguments[1]);
            BytesMessage message = session.createBytesMessage();
            body.writeTo(message);
            System.out.println("WRITTEN");
            session.createProducer(queue).send(message);
            session.commit();
            message.clearBody();
            System.out.println("SENT");
            if (arguments[3].equals("both")) {
                body.assertIn(session.createConsumer(queue).receive(60_000));
                session.commit();
                System.out.println("RECEIVED");
            }
        }
    }
}
