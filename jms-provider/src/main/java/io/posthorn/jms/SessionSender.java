package io.posthorn.jms;

import io.posthorn.jms.message.BodySource;
import io.posthorn.jms.message.ForeignMessages;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageId;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.SendCallback;
import jakarta.jms.CompletionListener;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Sends the messages of a session (Jakarta Messaging 3.1, chapter 7). The application's thread calls it.
 *
 * <p>A persistent message is confirmed before send returns. A non-persistent one is not waited for, except the first to each
 * destination, so that a missing destination or right is noticed by the caller; what fails later goes to the exception listener. In a
 * transaction nothing is waited for, commit tells. Asynchronous sends end in their completion listener.
 */
final class SessionSender {

    /** More destinations than this are not remembered; their next non-persistent send is awaited again. */
    private static final int KNOWN_DESTINATIONS_MAX = 1_024;

    private final Provider provider;
    private final ProducerHandle producer;
    private final ConnectionSettings settings;
    private final CompletionDispatcher completions;
    private final LargeSender large;
    private final Supplier<Transaction> transactions;
    private final ExceptionReporter reporter;
    // Destinations that have taken a message, with what listens to the fate of later non-persistent ones.
    private final Map<DestinationName, SendCallback> known = new ConcurrentHashMap<>();

    /** @param transactions gives the one that sends belong to at the moment, null for none */
    SessionSender(
            Provider provider,
            ProducerHandle producer,
            ConnectionSettings settings,
            CompletionDispatcher completions,
            Supplier<Transaction> transactions,
            ExceptionReporter reporter) {
        this.provider = provider;
        this.producer = producer;
        this.settings = settings;
        this.completions = completions;
        this.transactions = transactions;
        this.reporter = reporter;
        this.large = new LargeSender(provider, producer, settings);
    }

    /**
     * A message ready to be sent.
     *
     * @param largeBody null when its body travels within it
     */
    private record Prepared(EncodedMessage message, BodySource largeBody) {}

    /** @throws JMSException if the message cannot be sent, or, where send waits, was not stored */
    void send(Outgoing call) throws JMSException {
        Prepared prepared = prepare(call);
        EncodedMessage encoded = prepared.message();
        Transaction transaction = transactions.get();
        if (transaction != null) {
            transaction.touch();
            hand(prepared, true, transaction);
            return;
        }
        SendCallback unwatched =
                encoded.persistent() || prepared.largeBody() != null ? null : known.get(encoded.destination());
        if (unwatched != null) {
            hand(prepared, false, unwatched);
            return;
        }
        SendWait wait = new SendWait();
        hand(prepared, false, wait);
        ProviderException failure = wait.await(settings.clock(), settings.sendTimeoutMs());
        if (failure != null) {
            throw Failures.toJms(failure);
        }
        if (!encoded.persistent()) {
            remember(encoded.destination());
        }
    }

    /** Sends for a producer without waiting; the listener is told on the session's completion thread. */
    void sendAsync(PosthornProducer from, Outgoing call, CompletionListener listener) throws JMSException {
        Prepared prepared = prepare(call);
        Transaction transaction = transactions.get();
        if (transaction != null) {
            transaction.touch();
        }
        CompletionDispatcher.Pending pending = completions.begin(call.message(), listener, transaction, from);
        try {
            hand(prepared, transaction != null, pending);
        } catch (JMSException refused) {
            completions.withdraw(pending);
            throw refused;
        }
    }

    private Prepared prepare(Outgoing call) throws JMSException {
        Message given = call.message();
        PosthornMessage ours = ForeignMessages.ours(given, settings.spool());
        long nowMs = settings.clock().wallMs();
        MessageId id =
                call.stamp().withId() ? new MessageId(producer.producerId(), producer.nextMessageNumber()) : null;
        ours.hideTimestamp(!call.stamp().withTimestamp());
        EncodedMessage encoded = ours.encodeForSend(
                call.to(),
                call.deliveryMode(),
                call.priority(),
                nowMs,
                call.timeToLiveMs() == 0 ? 0 : later(nowMs, call.timeToLiveMs(), 0),
                later(nowMs, call.deliveryDelayMs(), Long.MAX_VALUE),
                id);
        if (ours != given) {
            ForeignMessages.writeBack(ours, given);
        }
        BodySource spooled = ours.spooledBody();
        if (spooled == null && encoded.bodyLength() > LargeSender.WITHIN_MAX_BYTES) {
            return new Prepared(encoded, new HeapBody(encoded));
        }
        return new Prepared(encoded, spooled);
    }

    /** The body of a message that has it in memory. */
    private record HeapBody(EncodedMessage of) implements BodySource {

        @Override
        public long length() {
            return of.bodyLength();
        }

        @Override
        public void read(long from, byte[] into) {
            System.arraycopy(of.bytes(), of.headLength() + (int) from, into, 0, into.length);
        }
    }

    /** The sum; the substitute when it is too large to be a time: for an expiration 0, which is never. */
    static long later(long nowMs, long durationMs, long substitute) {
        long sum = nowMs + durationMs;
        return sum < 0 ? substitute : sum;
    }

    private void hand(Prepared prepared, boolean transacted, SendCallback callback) throws JMSException {
        try {
            if (prepared.largeBody() == null) {
                provider.send(producer, prepared.message(), transacted, callback);
            } else {
                large.send(prepared.message(), prepared.largeBody(), transacted, callback);
            }
        } catch (ProviderException refused) {
            throw Failures.toJms(refused);
        }
    }

    private void remember(DestinationName destination) {
        if (known.size() >= KNOWN_DESTINATIONS_MAX) {
            known.clear();
        }
        known.put(destination, failure -> lateFailure(destination, failure));
    }

    private void lateFailure(DestinationName to, ProviderException failure) {
        if (failure != null) {
            known.remove(to);
            reporter.report(Failures.toJms(failure));
        }
    }
}
