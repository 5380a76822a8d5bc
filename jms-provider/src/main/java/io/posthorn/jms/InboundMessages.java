package io.posthorn.jms;

import io.posthorn.jms.message.AcknowledgeHook;
import io.posthorn.jms.message.ObjectFilter;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.Settle;
import io.posthorn.time.Clock;
import jakarta.jms.JMSException;
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
    private final LargeReceiver large;

    /** What acknowledge() of a delivered message does. */
    @FunctionalInterface
    interface Hooks {

        AcknowledgeHook of(DeliverySource from, long deliveryId);
    }

    InboundMessages(Provider provider, ConnectionSettings settings, Hooks hooks) {
        this.provider = provider;
        this.clock = settings.clock();
        this.filter = settings.objectFilter();
        this.hooks = hooks;
        this.large = new LargeReceiver(provider.largeBodies(), settings.spool());
    }

    /** As {@link #receive}, for listeners: what cannot be had is logged. */
    PosthornMessage open(DeliverySource from, Delivered delivered) {
        try {
            return receive(from, delivered);
        } catch (JMSException failed) {
            LOG.warn("{} cannot be delivered, it is returned", delivered.message(), failed);
            return null;
        }
    }

    /**
     * The message of a delivery that has been taken; null when there is none to show, and the delivery is settled.
     *
     * @throws JMSException if the body of a large message cannot be had now; it is returned, counted as handed over
     */
    PosthornMessage receive(DeliverySource from, Delivered delivered) throws JMSException {
        EncodedMessage message = delivered.message();
        if (isExpired(message)) {
            settle(Settle.ACCEPT, from, delivered);
            return null;
        }
        try {
            PosthornMessage opened = message.isLarge()
                    ? openLarge(from, delivered)
                    : PosthornMessage.decode(message, delivered.deliveryCount(), filter);
            if (opened == null) {
                return null;
            }
            opened.onAcknowledge(hooks.of(from, delivered.deliveryId()));
            return opened;
        } catch (MalformedMessageException malformed) {
            LOG.warn("{} cannot be read and is rejected", message, malformed);
            settle(Settle.REJECT, from, delivered);
            return null;
        }
    }

    /** A message whose body has to be fetched first. One whose body is not there is rejected, unless it is somebody else's by now. */
    private PosthornMessage openLarge(DeliverySource from, Delivered delivered) throws JMSException {
        EncodedMessage message = delivered.message();
        try {
            return large.open(message, delivered.deliveryCount(), filter);
        } catch (ProviderException failed) {
            if (failed.kind() == Kind.CLOSED || failed.kind() == Kind.CONNECTION) {
                // The consumer has ended, as its owner will see.
                return null;
            }
            if (failed.kind() != Kind.BODY_LOST) {
                giveBack(Settle.RELEASE, from, delivered);
                throw Failures.toJms(failed);
            }
            LOG.warn("{} has no body any more and is rejected", message, failed);
            giveBack(Settle.REJECT, from, delivered);
            return null;
        } catch (JMSException failed) {
            giveBack(Settle.RELEASE, from, delivered);
            throw failed;
        }
    }

    /** Counts it as handed over, so that it cannot come again for ever. */
    private void giveBack(Settle how, DeliverySource from, Delivered delivered) {
        provider.handOver(from.handle(), delivered.deliveryId());
        settle(how, from, delivered);
    }

    /** The message as it would be, without taking it; null when its bytes make no sense, or cannot be had. */
    PosthornMessage peek(Delivered delivered) {
        return peek(delivered, true);
    }

    /** As {@link #peek}, but the body of a large message may be left out: enough to see what it can be had as. */
    PosthornMessage outline(Delivered delivered) {
        return peek(delivered, false);
    }

    private PosthornMessage peek(Delivered delivered, boolean withBody) {
        EncodedMessage message = delivered.message();
        int count = delivered.deliveryCount();
        try {
            if (!message.isLarge()) {
                return PosthornMessage.decode(message, count, filter);
            }
            return withBody ? large.open(message, count, filter) : large.outline(message, count, filter);
        } catch (MalformedMessageException malformed) {
            return null;
        } catch (ProviderException | JMSException failed) {
            LOG.info("{} cannot be shown: {}", message, failed.getMessage());
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
