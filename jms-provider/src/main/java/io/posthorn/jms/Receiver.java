package io.posthorn.jms;

import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.ProviderException;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.StreamMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The receive calls of one consumer (Jakarta Messaging 3.1, 8.5). The application's thread calls it, and waits in {@link
 * ConsumerBuffer#awaitMessage} without the session's turn.
 *
 * <p>An empty answer is given only after the broker was asked (drain). A message that has been returned is acknowledged, or held,
 * before.
 */
final class Receiver {

    /** Far enough away to stand for no time-out. */
    static final long FOR_EVER_NS = Long.MAX_VALUE;

    private final ConsumerBuffer buffer;
    private final ReentrantLock turn;
    private final Acknowledgement acknowledgement;
    private final InboundMessages inbound;
    private final ReceiveOrder order;
    private final boolean keepsUnreadable;

    /** @param keepsUnreadable whether a message whose body has the wrong type stays as if never received: AUTO and DUPS_OK (8.6) */
    Receiver(
            ConsumerBuffer buffer,
            ReentrantLock turn,
            Acknowledgement acknowledgement,
            InboundMessages inbound,
            ReceiveOrder order,
            boolean keepsUnreadable) {
        this.buffer = buffer;
        this.turn = turn;
        this.acknowledgement = acknowledgement;
        this.inbound = inbound;
        this.order = order;
        this.keepsUnreadable = keepsUnreadable;
    }

    /**
     * The next message.
     *
     * @param waitNs 0 = do not wait
     * @param bodyType what the body must be readable as, or null
     * @return null when there is none in time, or the consumer is closed
     * @throws MessageFormatException if the body is of another type
     */
    PosthornMessage receive(long waitNs, Class<?> bodyType) throws JMSException {
        if (!buffer.enterReceive()) {
            throw new IllegalStateException("the consumer has a message listener; receive() would compete with it");
        }
        try {
            return loop(waitNs, bodyType);
        } catch (ProviderException refused) {
            throw Failures.toJms(refused);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw Failures.linked(new JMSException("interrupted while waiting for a message"), stop);
        } finally {
            buffer.leaveReceive();
        }
    }

    private PosthornMessage loop(long waitNs, Class<?> bodyType) throws JMSException, InterruptedException {
        long left = waitNs;
        boolean drained = false;
        while (true) {
            CompletableFuture<Boolean> drain = null;
            turn.lock();
            try {
                PosthornMessage message = next(bodyType);
                if (message != null) {
                    return message;
                }
                if (buffer.ended()) {
                    return endedAnswer();
                }
                if (drained) {
                    return null;
                }
                order.receives(buffer);
                if (left > 0) {
                    buffer.ask();
                } else {
                    drain = buffer.drain();
                }
            } finally {
                turn.unlock();
            }
            if (left > 0) {
                left = buffer.awaitMessage(left);
            } else if (drain == null) {
                buffer.awaitEarlierDrain();
            } else {
                drained = buffer.awaitDrain(drain);
                failIfFailed(drain);
            }
        }
    }

    private PosthornMessage next(Class<?> bodyType) throws JMSException {
        while (true) {
            if (bodyType != null && keepsUnreadable) {
                checkHead(bodyType);
            }
            Delivered delivered = buffer.take();
            if (delivered == null) {
                return null;
            }
            buffer.grant();
            PosthornMessage message = inbound.receive(buffer, delivered);
            if (message != null) {
                acknowledgement.received(buffer, delivered.deliveryId());
                if (bodyType != null) {
                    checkBody(message, bodyType);
                }
                return message;
            }
        }
    }

    /** Looks at the message that would come next; one without a usable body is left where it is, untouched. */
    private void checkHead(Class<?> bodyType) throws MessageFormatException {
        Delivered head = buffer.peek();
        if (head != null && !inbound.isExpired(head.message())) {
            PosthornMessage message = inbound.outline(head);
            if (message != null) {
                checkBody(message, bodyType);
            }
        }
    }

    private static void checkBody(PosthornMessage message, Class<?> bodyType) throws MessageFormatException {
        boolean readable;
        try {
            readable = !(message instanceof StreamMessage)
                    && message.isBodyAssignableTo(bodyType)
                    && message.getBody(bodyType) != null;
        } catch (JMSException unreadable) {
            readable = false;
        }
        if (!readable) {
            throw new MessageFormatException("the next message, a "
                    + message.getClass().getSimpleName() + ", has no body to be read as " + bodyType.getName());
        }
    }

    private PosthornMessage endedAnswer() throws JMSException {
        ProviderException failure = buffer.failure();
        if (failure != null) {
            throw Failures.toJms(failure);
        }
        return null;
    }

    private void failIfFailed(CompletableFuture<Boolean> drain) throws JMSException {
        if (drain.isCompletedExceptionally() && !buffer.ended()) {
            Waits.await(drain);
        }
    }
}
