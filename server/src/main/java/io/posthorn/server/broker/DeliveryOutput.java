package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.EncodedMessage;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ConsumerClosedCommand;
import io.posthorn.protocol.api.Delivery;
import io.posthorn.protocol.api.DrainResponse;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.server.queue.ConsumerState;
import io.posthorn.server.queue.HeartOutput;
import io.posthorn.server.queue.RefusalKind;
import io.posthorn.server.store.ReadRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Turns what the heart emits into frames and read requests. Sequencer only. */
final class DeliveryOutput implements HeartOutput {

    private final Consumer<ReadRequest> reader;
    private final List<ConsumerOutbox> dirty = new ArrayList<>();

    /** @param reader starts a read; its result must come back as an event */
    DeliveryOutput(Consumer<ReadRequest> reader) {
        this.reader = reader;
    }

    @Override
    public void deliver(
            ConsumerState to, long deliveryId, int deliveryCount, long lane, long offset, EncodedMessage message) {
        ConsumerOutbox outbox = outbox(to);
        if (outbox.add(new Delivery(deliveryId, deliveryCount, new MessageRef(lane, offset), message))) {
            dirty.add(outbox);
        }
    }

    @Override
    public void drained(ConsumerState consumer, Object token, long lastDeliveryId, boolean endOfBrowse) {
        ConsumerOutbox outbox = outbox(consumer);
        outbox.flush();
        FrameConnection connection = outbox.session().connection();
        ByteBuf body = connection.newBody(16);
        new DrainResponse(lastDeliveryId, endOfBrowse).encode(body);
        connection.respond((Frame) token, body);
    }

    @Override
    public void consumerClosed(ConsumerState consumer, RefusalKind why, String text) {
        ConsumerOutbox outbox = outbox(consumer);
        outbox.flush();
        FrameConnection connection = outbox.session().connection();
        ByteBuf body = connection.newBody(64);
        new ConsumerClosedCommand(consumer.consumerId(), Refusals.code(why).code(), text).encode(body);
        connection.oneWay(RequestCode.CONSUMER_CLOSED, body);
    }

    @Override
    public void read(ReadRequest request) {
        reader.accept(request);
    }

    /** Writes out what has gathered. */
    void flush() {
        for (ConsumerOutbox outbox : dirty) {
            outbox.flush();
        }
        dirty.clear();
    }

    private static ConsumerOutbox outbox(ConsumerState consumer) {
        ConsumerOutbox known = (ConsumerOutbox) consumer.attachment();
        if (known == null) {
            known = new ConsumerOutbox((ClientSession) consumer.client().attachment(), consumer.consumerId());
            consumer.attach(known);
        }
        return known;
    }
}
