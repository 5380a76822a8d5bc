package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.SendRequest;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.SendCallback;

/**
 * A send without an answer yet.
 *
 * <p>After a loss a persistent one is repeated with its sequence, so that the broker stores it once. A non-persistent one that may
 * have arrived is not repeated: it is delivered at most once, and counts as sent. One of a transaction counts as sent
 * too: it is the commit that will fail.
 */
final class PendingSend extends ProducerCall {

    private final RemoteProducer producer;
    private final SendRequest request;
    private final SendWindow window;
    private final SendCallback callback;

    /** @param transaction null outside one */
    PendingSend(
            RemoteProducer producer,
            long sequence,
            Transaction transaction,
            EncodedMessage message,
            SendWindow window,
            SendCallback callback) {
        super(transaction);
        this.producer = producer;
        this.request = new SendRequest(
                producer.producerId(), sequence, transaction == null ? 0 : transaction.sequence(), message);
        this.window = window;
        this.callback = callback;
    }

    @Override
    int code() {
        return RequestCode.SEND;
    }

    @Override
    int bodyBytes() {
        return request.encodedMaxBytes();
    }

    @Override
    void encode(ByteBuf body) {
        request.encode(body);
    }

    @Override
    boolean isUrgent() {
        return callback.isAwaited();
    }

    @Override
    String what() {
        return "a send to " + request.message().destination();
    }

    @Override
    boolean prepare(BrokerLink next) {
        if (transaction != null) {
            transaction.touch();
        }
        return true;
    }

    @Override
    void done(ProviderException failure, ByteBuf answer) {
        if (producer.settled(this)) {
            window.release(request.message().size());
            if (transaction == null) {
                producer.sent(request.message(), callback, failure);
            } else {
                callback.done(failure);
            }
        }
    }

    EncodedMessage message() {
        return request.message();
    }

    /** Whether no broker can have it, and nothing binds it to this one. */
    boolean mayGoElsewhere() {
        return transaction == null && !isWritten() && !isSettled() && !message().isLarge();
    }

    /** Goes to another broker group; on the event loop. */
    void leave(RemoteProducer.Misplaced handler, ProviderException reason) {
        if (producer.settled(this)) {
            window.release(message().size());
            handler.resend(message(), callback, reason);
        }
    }

    @Override
    boolean survivesLoss() {
        return transaction != null ? !transaction.isTouched() : request.sequence() > 0 || !isWritten();
    }

    @Override
    void abandoned() {
        window.release(request.message().size());
        callback.done(null);
    }
}
