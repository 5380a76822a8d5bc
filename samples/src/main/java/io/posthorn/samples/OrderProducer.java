package io.posthorn.samples;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.List;

/**
 * Sends every order to the queue, one persistent message each, on the thread that calls {@link #sendAll}.
 *
 * <p>There is no transaction here and no retry, and none is needed: {@code send} returns when the broker has the message
 * safe on disk. When the server dies during a send, the provider repeats it at the restarted server, which recognises
 * the repetition and stores the order once. A send that throws is final and its fate unknown; to send again would risk a
 * doubled order, so it ends the run instead.
 */
final class OrderProducer {
    private final Endpoints endpoints;
    private final Progress progress;

    OrderProducer(Endpoints endpoints, Progress progress) {
        this.endpoints = endpoints;
        this.progress = progress;
    }

    void sendAll(List<Order> orders) throws JMSException {
        try (Connection connection = endpoints.connectionFactory().createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(endpoints.orders())) {
            producer.setDeliveryMode(DeliveryMode.PERSISTENT);
            for (Order order : orders) {
                producer.send(MessageCodec.encodeOrder(session, order));
                progress.sent();
            }
        }
    }
}
