package io.posthorn.jms;

import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliverySpan;
import java.util.ArrayDeque;
import java.util.List;

/**
 * What one connection consumer has loaded into one session and the session has not run yet. The connection consumer's thread adds to it, the
 * application server's takes out; all under the session's lock.
 */
final class LoadedMessages implements DeliverySource {

    private final ConsumerHandle handle;
    private final DeliveryGate gate;
    private final SpanList held = new SpanList();
    private final ArrayDeque<Delivered> waiting = new ArrayDeque<>();

    LoadedMessages(ConsumerHandle handle, DeliveryGate gate) {
        this.handle = handle;
        this.gate = gate;
    }

    @Override
    public ConsumerHandle handle() {
        return handle;
    }

    @Override
    public SpanList held() {
        return held;
    }

    /** Under the lock. */
    void add(List<Delivered> messages) {
        waiting.addAll(messages);
    }

    /** The next one to run, null when there is none. Under the lock. */
    Delivered poll() {
        return waiting.poll();
    }

    @Override
    public void takeBack(List<DeliverySpan> spans) {
        gate.lock.lock();
        try {
            for (Delivered one = waiting.poll(); one != null; one = waiting.poll()) {
                spans.add(new DeliverySpan(handle, one.deliveryId(), one.deliveryId()));
            }
        } finally {
            gate.lock.unlock();
        }
    }
}
