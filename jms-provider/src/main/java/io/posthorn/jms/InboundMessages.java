package io.posthorn.jms;

import io.posthorn.jms.message.AcknowledgeHook;
import io.posthorn.jms.message.ObjectFilter;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Provider;
import io.posthorn.provider.Settle;
import io.posthorn.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns deliveries of a session into messages for its application, and settles those the application must not see: expired ones
 * (Jakarta Messaging 3.1, 3.4.9) and ones whose bytes make no sense. Called with the session's turn.
 */
final class InboundMessages {

    private static final Logger LOG = LoggerFactory.getLogger(InboundMessages.class);

    private final Provider provider;
    private final Clock clock;
    private final ObjectFilter filter;
    private final Hooks hooks;

    /** What acknowledge() of a delivered message does. */
    @FunctionalInterface
    interface Hooks {

        AcknowledgeHook of(DeliverySource from, long deliveryId);
    }

    InboundMessages(Provider provider, Clock clock, ObjectFilter filter, Hooks hooks) {
        this.provider = provider;
        this.clock = clock;
        this.filter = filter;
        this.hooks = hooks;
    }

    /** The message of a delivery that has been taken; null when there is none to show, and the delivery is settled. */
    PosthornMessage open(DeliverySource from, Delivered delivered) {
        EncodedMessage message = delivered.message();
        if (isExpired(message)) {
            settle(Settle.ACCEPT, from, delivered);
            return null;
        }
        try {
            PosthornMessage opened = PosthornMessage.decode(message, delivered.deliveryCount(), filter);
            opened.onAcknowledge(hooks.of(from, delivered.deliveryId()));
            return opened;
        } catch (MalformedMessageException malformed) {
            LOG.warn("{} cannot be read and is rejected", message, malformed);
            settle(Settle.REJECT, from, delivered);
            return null;
        }
    }

    /** The message as it would be, without taking it; null when its bytes make no sense. */
    PosthornMessage peek(Delivered delivered) {
        try {
            return PosthornMessage.decode(delivered.message(), delivered.deliveryCount(), filter);
        } catch (MalformedMessageException malformed) {
            return null;
        }
    }

    /** Whether its time is over by this host's clock. */
    boolean isExpired(EncodedMessage message) {
        long expirationMs = message.expirationMs();
        return expirationMs != 0 && expirationMs <= clock.wallMs();
    }

    private void settle(Settle how, DeliverySource from, Delivered delivered) {
        long id = delivered.deliveryId();
        provider.acknowledge(how, List.of(new DeliverySpan(from.handle(), id, id)), false);
    }
}
