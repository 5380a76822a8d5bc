package io.posthorn.jms;

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
    }

    /** @throws JMSException if the message cannot be sent, or, where send waits, was not stored */
    void send(Outgoing call) throws JMSException {
        EncodedMessage encoded = prepare(call);
        Transaction transaction = transactions.get();
        if (transaction != null) {
            transaction.touch();
            hand(encoded, true, transaction);
            return;
        }
        SendCallback unwatched = encoded.persistent() ? null : known.get(encoded.destination());
        if (unwatched != null) {
            hand(encoded, false, unwatched);
            return;
        }
        SendWait wait = new SendWait();
        hand(encoded, false, wait);
        ProviderException failure = wait.await(settings.clock(), settings.sendTimeoutMs());
        if (failure != null) {
            throw Failures.toJms(failure);
        }
        if (!encoded.persistent()) {
            remember(encoded.destination());
        }
    }

    /** Sends without waiting; the listener is told on the session's completion thread. */
    void sendAsync(Outgoing call, CompletionListener listener) throws JMSException {
        EncodedMessage encoded = prepare(call);
        Transaction transaction = transactions.get();
        if (transaction != null) {
            transaction.touch();
        }
        CompletionDispatcher.Pending pending = completions.begin(call.message(), listener, transaction);
        try {
            hand(encoded, transaction != null, pending);
        } catch (JMSException refused) {
            completions.withdraw(pending);
            throw refused;
        }
    }

    private EncodedMessage prepare(Outgoing call) throws JMSException {
        Message given = call.message();
        PosthornMessage ours = ForeignMessages.ours(given);
        long nowMs = settings.clock().wallMs();
        MessageId id = call.withId() ? new MessageId(producer.producerId(), producer.nextMessageNumber()) : null;
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
        return encoded;
    }

    /** The sum; the substitute when it is too large to be a time: for an expiration 0, which is never. */
    static long later(long nowMs, long durationMs, long substitute) {
        long sum = nowMs + durationMs;
        return sum < 0 ? substitute : sum;
    }

    private void hand(EncodedMessage message, boolean transacted, SendCallback callback) throws JMSException {
        try {
            provider.send(producer, message, transacted, callback);
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
