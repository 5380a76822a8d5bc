package io.posthorn.jms;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.Settle;
import jakarta.jms.JMSException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Moves one delivery to a queue of somebody's choice, in a local transaction of its own. The dead letter looks like those of the broker: header
 * and body are the message's, it does not expire, and properties say why it is there.
 */
final class DeadLetterMove {

    private static final String REASON = "JMS_PH_DeadLetterReason";
    private static final String ORIGIN = "JMS_PH_DeadLetterOrigin";
    private static final String DELIVERIES = "JMS_PH_DeadLetterDeliveries";

    private DeadLetterMove() {}

    /**
     * Moves it; waits for that.
     *
     * @param delivered taken, and not settled
     * @throws JMSException if that fails; then it is given back, as far as the broker hears of it
     */
    static void run(Provider provider, Delivered delivered, DeliverySpan span, DestinationName to, String reason)
            throws JMSException {
        ProducerHandle producer = provider.openProducer();
        boolean moved = false;
        try {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            provider.send(producer, letter(delivered, to, reason), true, failure -> {
                if (failure == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(failure);
                }
            });
            Waits.await(sent);
            Waits.await(provider.commit(producer, List.of(span)));
            moved = true;
        } finally {
            if (!moved) {
                // After an unanswered commit nothing is left to give back, if it was carried out.
                provider.acknowledge(Settle.RELEASE, List.of(span), false);
            }
            provider.closeProducer(producer);
        }
    }

    private static EncodedMessage letter(Delivered delivered, DestinationName to, String reason) {
        EncodedMessage original = delivered.message();
        MessageHead head = original.head();
        Map<String, Object> properties = head.properties();
        properties.put(REASON, reason);
        properties.put(ORIGIN, original.destination().toString());
        // Those before: this one does not reach the application.
        properties.put(DELIVERIES, delivered.deliveryCount());
        head.destination(to);
        head.expirationMs(0);
        head.deliveryTimeMs(0);
        return EncodedMessage.encode(head, original.bytes(), original.headLength(), original.bodyLength());
    }
}
