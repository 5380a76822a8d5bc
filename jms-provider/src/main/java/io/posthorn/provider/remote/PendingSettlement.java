package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.AcknowledgeRequest;
import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.Disposition;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.Settle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One ACKNOWLEDGE request, gathered from one call of the application or from many, and kept until the broker confirms it.
 * Filled and written under the lock of its {@link SettlementFlow}.
 */
final class PendingSettlement extends Call {

    private static final int SPANS_MIN = 4;

    private final SettlementFlow flow;
    private final Settle how;
    private final CompletableFuture<Void> future;
    private RemoteConsumer[] consumers = new RemoteConsumer[SPANS_MIN];
    private long[] from = new long[SPANS_MIN];
    private long[] to = new long[SPANS_MIN];
    private int spans;
    private long deliveries;
    private boolean lost;
    private boolean atOnce;
    private List<DeliveryRange> ranges = List.of();

    /** @param future null when nobody waits for the outcome */
    PendingSettlement(SettlementFlow flow, Settle how, CompletableFuture<Void> future) {
        this.flow = flow;
        this.how = how;
        this.future = future;
    }

    /** Adds a span, joined to the last one if it follows it. */
    void add(DeliverySpan span) {
        add(RemoteConsumer.of(span.consumer()), span.from(), span.to());
    }

    /** Adds a span, joined to the last one if it follows it. */
    void add(RemoteConsumer consumer, long first, long last) {
        deliveries += last - first + 1;
        if (spans > 0 && consumers[spans - 1] == consumer && to[spans - 1] + 1 == first) {
            to[spans - 1] = last;
            return;
        }
        if (spans == from.length) {
            consumers = Arrays.copyOf(consumers, spans * 2);
            from = Arrays.copyOf(from, spans * 2);
            to = Arrays.copyOf(to, spans * 2);
        }
        consumers[spans] = consumer;
        from[spans] = first;
        to[spans++] = last;
    }

    /** How many deliveries have been gathered. */
    long deliveries() {
        return deliveries;
    }

    /** It is worth a socket write of its own. */
    void atOnce() {
        atOnce = true;
    }

    boolean isAwaited() {
        return future != null;
    }

    @Override
    boolean prepare(BrokerLink next) {
        ranges = new ArrayList<>(spans);
        for (int i = 0; i < spans; i++) {
            DeliveryLedger ledger = consumers[i].ledger();
            // What an unanswered request of ours names and the broker finds settled, that request has settled.
            lost |= how != Settle.RELEASE
                    && (isWritten() ? ledger.hasLostUnsettled(from[i], to[i]) : ledger.hasLost(from[i], to[i]));
            ledger.translate(consumers[i].consumerId(), from[i], to[i], ranges);
            if (how != Settle.RELEASE) {
                ledger.markedBy(from[i], to[i]);
            }
        }
        return !ranges.isEmpty();
    }

    @Override
    int code() {
        return RequestCode.ACKNOWLEDGE;
    }

    @Override
    int bodyBytes() {
        return 16 + 24 * ranges.size();
    }

    @Override
    void encode(ByteBuf body) {
        new AcknowledgeRequest(Disposition.values()[how.ordinal()], isAwaited(), ranges).encode(body);
    }

    @Override
    boolean isUrgent() {
        return atOnce || isAwaited();
    }

    @Override
    String what() {
        return "an acknowledgement";
    }

    /** One that nobody waits for is repeated until it is confirmed: settling twice does no harm. */
    @Override
    void timedOut() {
        if (future == null) {
            flow.repeat(this);
        } else {
            super.timedOut();
        }
    }

    @Override
    void done(ProviderException failure, ByteBuf answer) {
        ProviderException outcome = failure == null && lost ? Failures.deliveryLost() : failure;
        for (int i = 0; i < spans; i++) {
            consumers[i].settled(from[i], to[i]);
        }
        flow.settled(this, future == null ? outcome : null);
        if (future == null) {
            return;
        }
        if (outcome == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(outcome);
        }
    }
}
