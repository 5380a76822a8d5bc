package io.posthorn.provider.remote;

import io.posthorn.protocol.api.ConsumerClosedCommand;
import io.posthorn.protocol.api.DeliverCommand;
import io.posthorn.protocol.api.DeliverReferencesCommand;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.ProviderException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumers of one connection by their numbers, and the way of deliveries to them. Any thread adds; the event loop does
 * the rest.
 */
final class ConsumerTable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerTable.class);

    private final ConcurrentMap<Integer, RemoteConsumer> byId = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();

    /** Consumers that got something from the read that is being handled. */
    private final List<RemoteConsumer> touched = new ArrayList<>();

    RemoteConsumer add(ConsumerSpec spec, DeliveryListener listener) {
        RemoteConsumer consumer = new RemoteConsumer(lastId.incrementAndGet(), spec, listener, this);
        byId.put(consumer.consumerId(), consumer);
        return consumer;
    }

    void remove(RemoteConsumer consumer) {
        byId.remove(consumer.consumerId());
    }

    void deliver(DeliverCommand command) {
        RemoteConsumer consumer = byId.get(command.consumerId());
        // One that was closed meanwhile: the broker has got those back with the close request.
        if (consumer != null) {
            consumer.deliver(command.deliveries());
        }
    }

    /** @param gone told of each message that no broker has any more */
    void refer(DeliverReferencesCommand command, BodyFetch bodies, BiConsumer<RemoteConsumer, ReferredDelivery> gone) {
        RemoteConsumer consumer = byId.get(command.consumerId());
        if (consumer != null) {
            consumer.refer(command.references(), bodies, delivery -> gone.accept(consumer, delivery));
        }
    }

    void touched(RemoteConsumer consumer) {
        touched.add(consumer);
    }

    void endOfBatch() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).endOfBatch();
        }
        touched.clear();
    }

    void closedByBroker(ConsumerClosedCommand command) {
        RemoteConsumer consumer = byId.get(command.consumerId());
        if (consumer != null) {
            consumer.closedByBroker(Failures.of(command.errorCode(), command.text()));
        }
    }

    /** The link is lost. */
    void interrupt() {
        touched.clear();
        tellAll(RemoteConsumer::interrupt);
    }

    /** Those to open on a new link: the closed ones that still hold something first, for they stand in nobody's way again. */
    List<RemoteConsumer> toReopen() {
        List<RemoteConsumer> list = new ArrayList<>();
        for (RemoteConsumer consumer : byId.values()) {
            if (consumer.isToReopen()) {
                list.add(consumer);
            }
        }
        list.sort(Comparator.comparing((RemoteConsumer consumer) -> consumer.state() != RemoteConsumer.State.KEEPING)
                .thenComparing(RemoteConsumer::consumerId));
        return list;
    }

    void resume() {
        tellAll(RemoteConsumer::resume);
    }

    void abandon(ProviderException reason) {
        tellAll(consumer -> consumer.abandon(reason));
        byId.clear();
    }

    /** One listener that throws must not keep the news from the others, nor stop the mending. */
    private void tellAll(Consumer<RemoteConsumer> news) {
        for (RemoteConsumer consumer : byId.values()) {
            try {
                news.accept(consumer);
            } catch (RuntimeException | Error broken) {
                LOG.error("the listener of consumer {} failed", consumer.consumerId(), broken);
            }
        }
    }
}
