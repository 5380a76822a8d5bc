package io.posthorn.provider;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One JMS connection's access to the cluster. Thread-safe; no method blocks, except that {@link #send}, {@link
 * #acknowledge} and {@link #accept} wait while too many of their kind are unanswered (back-pressure), and that {@link #handOver} and
 * {@link #accept} wait while the socket is full.
 *
 * <p>Futures and callbacks complete on an I/O thread: whoever continues there must not block. Failures are {@link
 * ProviderException}s. An implementation mends lost connections by itself: unanswered requests are repeated and stored once,
 * consumers come back; only what cannot be mended fails, and is reported to the {@link ProviderListener}.
 */
public interface Provider {

    /**
     * Claims a client identifier. Fails with {@link ProviderException.Kind#INVALID_CLIENT_ID} when it is in use.
     */
    CompletableFuture<Void> claimClientId(String clientId);

    /** A new random producer id and its sequence of sends and transactions: one per JMS session. */
    ProducerHandle openProducer();

    /**
     * Sends a message to the destination named in its head.
     *
     * <p>Sends of one producer are carried out in the order of the calls.
     *
     * @param producer who sends
     * @param message  not null
     * @param transacted whether it belongs to the producer's current transaction
     * @param callback called exactly once, on an I/O thread: when the message is as safe as its delivery mode asks for
     * @throws ProviderException of kind INVALID_MESSAGE if it is larger than the broker takes; then there is no callback
     */
    void send(ProducerHandle producer, EncodedMessage message, boolean transacted, SendCallback callback);

    /** Opens a consumer without credit. Deliveries go to the listener, on an I/O thread. */
    CompletableFuture<ConsumerHandle> openConsumer(ConsumerSpec spec, DeliveryListener listener);

    /**
     * Allows deliveries up to this delivery id (absolute, see {@link Delivered#deliveryId()}). A limit at or below the last delivery
     * stops the flow.
     *
     * @param windowMaxBytes pause while this many bytes are delivered and not handed over
     */
    void credit(ConsumerHandle consumer, long limit, int windowMaxBytes);

    /**
     * Asks for whatever is there within the limit, then takes the rest of the credit back. Completes, after all such deliveries have
     * reached the listener, with whether a browser has seen everything (false for others).
     */
    CompletableFuture<Boolean> drain(ConsumerHandle consumer, long limit);

    /**
     * The application is about to get all deliveries up to this one. Not confirmed; but with the operating system when this returns, so
     * that the broker hears of it even if the process dies next. Of a consumer that does not outlive its connection it is coalesced.
     */
    void handOver(ConsumerHandle consumer, long deliveryIdTo);

    /**
     * Settles deliveries from…to as accepted and, in the same command, hands over as {@link #handOver} does. Nobody waits for the
     * outcome: it is repeated until it is confirmed, and a final failure is reported to the {@link ProviderListener}.
     */
    void accept(ConsumerHandle consumer, long from, long to, long handOverTo);

    /** As {@link #accept}, when nothing is handed over for now: with the operating system before anything more is handed over, or soon. */
    void acceptLast(ConsumerHandle consumer, long from, long to);

    /**
     * Settles deliveries outside a transaction.
     *
     * @param await when false, the future need not be looked at: the provider keeps repeating it until it is confirmed, and
     *     reports a final failure to the {@link ProviderListener}
     */
    CompletableFuture<Void> acknowledge(Settle settle, List<DeliverySpan> spans, boolean await);

    /**
     * Commits the producer's current transaction, together with these deliveries, and starts the next one.
     * Fails with {@link ProviderException.Kind#TRANSACTION_ROLLED_BACK} when it was, or had to be, rolled back.
     */
    CompletableFuture<Void> commit(ProducerHandle producer, List<DeliverySpan> consumed);

    /** Rolls the producer's current transaction back, releases these deliveries, and starts the next one. */
    CompletableFuture<Void> rollback(ProducerHandle producer, List<DeliverySpan> consumed);

    /** Branches of global transactions. */
    Branches branches();

    /** Bodies of large messages. */
    LargeBodies largeBodies();

    /**
     * Reads a page of a queue from a Slave, as far as the Master had committed. The first one only while there is no Master.
     *
     * @param after    the page before it, {@link CommittedPage#NONE} for the first
     * @param bytesMax when its messages have so many bytes, no more are added
     * @return fails with {@link ProviderException.Kind#ILLEGAL_STATE}, at once, when it is to be the first and there is a Master,
     *     INVALID_DESTINATION when the Slave knows no such queue, and in other ways when there is no Slave that may be read
     */
    default CompletableFuture<CommittedPage> browseCommitted(
            DestinationName queue, CommittedPage after, int messagesMax, int bytesMax) {
        return CompletableFuture.failedFuture(
                new ProviderException(ProviderException.Kind.ILLEGAL_STATE, "there are no Slaves here"));
    }

    /**
     * Closes a consumer: what was not handed over goes back.
     *
     * @param handedOverTo highest delivery id handed to the application
     * @param keepUnsettled whether the session will still settle what was handed over
     */
    CompletableFuture<Void> closeConsumer(ConsumerHandle consumer, long handedOverTo, boolean keepUnsettled);

    /** The session has ended; everything of it was settled. */
    void closeProducer(ProducerHandle producer);

    /** Deletes a durable subscription of this connection's client id, or of none. */
    CompletableFuture<Void> unsubscribe(String name);

    /** Creates a temporary destination of this connection. */
    CompletableFuture<DestinationName> createTemporary(boolean queue);

    /** Deletes a temporary destination of this connection. */
    CompletableFuture<Void> deleteTemporary(DestinationName name);

    /** Ends the connection in order: everything of it is released at the broker. Completes when all threads and sockets are gone. */
    CompletableFuture<Void> close();
}
