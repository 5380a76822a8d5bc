package io.posthorn.jms.message;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageId;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;

/** What the tests of this package do between sender and receiver. */
final class Sent {

    static final PosthornQueue QUEUE = new PosthornQueue("orders");

    private Sent() {}

    static EncodedMessage send(PosthornMessage message) throws JMSException {
        EncodedMessage encoded =
                message.encodeForSend(QUEUE, DeliveryMode.PERSISTENT, 4, 1_000, 0, 1_000, new MessageId(7, 1));
        return EncodedMessage.wrap(encoded.bytes());
    }

    @SuppressWarnings("unchecked")
    static <M extends PosthornMessage> M receive(EncodedMessage encoded, int deliveryCount) {
        return (M) PosthornMessage.decode(encoded, deliveryCount);
    }

    /** Through the encoded form and back, as at a first delivery. */
    static <M extends PosthornMessage> M received(M message) throws JMSException {
        return receive(send(message), 0);
    }
}
