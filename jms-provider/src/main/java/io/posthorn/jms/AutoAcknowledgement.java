package io.posthorn.jms;

import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Provider;
import io.posthorn.provider.Settle;
import io.posthorn.time.Clock;
import java.util.List;

/**
 * AUTO_ACKNOWLEDGE and DUPS_OK_ACKNOWLEDGE: the session acknowledges by itself (Jakarta Messaging 3.1, 6.2.10).
 *
 * <p>AUTO: receive() acknowledges before it returns; a listener's message is acknowledged before the next one is handed over, together with
 * the mark of that, or soon after the end of the burst. So the last message alone can be in doubt after a crash. Acknowledgements are not awaited;
 * the provider repeats them.
 *
 * <p>DUPS_OK, and consumers whose messages nobody can get after a crash: a listener's messages are acknowledged in spans: when the buffer
 * runs empty, after a number of messages, or when the oldest of them is too old.
 */
final class AutoAcknowledgement implements Acknowledgement {

    private static final int AUTO_SPAN_MESSAGES = 16;
    private static final int DUPS_OK_SPAN_MESSAGES = 64;
    private static final long AUTO_SPAN_AGE_NS = 5_000_000;
    private static final long DUPS_OK_SPAN_AGE_NS = 100_000_000;

    private final Provider provider;
    private final Clock clock;
    private final boolean dupsOk;
    private final int spanMaxMessages;
    private final long spanMaxAgeNs;
    private final SessionConsumers consumers;

    // The open span and its state; with the turn.
    private DeliverySource spanOf;
    private long spanFrom;
    private long spanTo;
    private long spanSinceNs;
    private boolean listening;
    private boolean recoverAsked;

    AutoAcknowledgement(Provider provider, Clock clock, boolean dupsOk, SessionConsumers consumers) {
        this.provider = provider;
        this.clock = clock;
        this.dupsOk = dupsOk;
        this.spanMaxMessages = dupsOk ? DUPS_OK_SPAN_MESSAGES : AUTO_SPAN_MESSAGES;
        this.spanMaxAgeNs = dupsOk ? DUPS_OK_SPAN_AGE_NS : AUTO_SPAN_AGE_NS;
        this.consumers = consumers;
    }

    @Override
    public void received(DeliverySource from, long deliveryId) {
        if (isPrompt(from)) {
            provider.accept(from.handle(), deliveryId, deliveryId, deliveryId);
        } else {
            provider.handOver(from.handle(), deliveryId);
            acceptLate(from, deliveryId, deliveryId);
        }
    }

    @Override
    public void beforeListener(DeliverySource from, long deliveryId) {
        listening = true;
        recoverAsked = false;
        if (spanOf != null && isPrompt(spanOf)) {
            if (spanOf == from) {
                spanOf = null;
                provider.accept(from.handle(), spanFrom, spanTo, deliveryId);
                return;
            }
            endOfBurst();
        }
        provider.handOver(from.handle(), deliveryId);
    }

    @Override
    public void afterListener(DeliverySource from, long deliveryId, boolean thrown) {
        listening = false;
        if (thrown || recoverAsked) {
            recoverAsked = false;
            endOfBurst();
            consumers.giveBack(from, new DeliverySpan(from.handle(), deliveryId, deliveryId));
            return;
        }
        if (spanOf == from && spanTo + 1 == deliveryId) {
            spanTo = deliveryId;
        } else {
            endOfBurst();
            spanOf = from;
            spanFrom = deliveryId;
            spanTo = deliveryId;
            if (!isPrompt(from)) {
                spanSinceNs = clock.monotonicNs();
            }
            return;
        }
        if (spanTo - spanFrom + 1 >= spanMaxMessages || clock.monotonicNs() - spanSinceNs >= spanMaxAgeNs) {
            endOfBurst();
        }
    }

    @Override
    public void endOfBurst() {
        DeliverySource of = spanOf;
        if (of != null) {
            spanOf = null;
            if (isPrompt(of)) {
                provider.acceptLast(of.handle(), spanFrom, spanTo);
            } else {
                acceptLate(of, spanFrom, spanTo);
            }
        }
    }

    /** Inside a listener: its message comes again after it has returned. Elsewhere nothing is unacknowledged. */
    @Override
    public void recover() {
        if (listening && consumers.isDeliveryThread()) {
            recoverAsked = true;
        }
    }

    @Override
    public void acknowledge() {
        // Ignored in these modes (3.6).
    }

    @Override
    public void end() {
        endOfBurst();
    }

    private boolean isPrompt(DeliverySource of) {
        return !dupsOk && of.handle().outlivesConnection();
    }

    private void acceptLate(DeliverySource from, long first, long last) {
        provider.acknowledge(Settle.ACCEPT, List.of(new DeliverySpan(from.handle(), first, last)), false);
    }
}
