package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.EncodedMessage;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ConsumerClosedCommand;
import io.posthorn.protocol.api.DeliverReferencesCommand.Reference;
import io.posthorn.protocol.api.Delivery;
import io.posthorn.protocol.api.DrainResponse;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.server.queue.ConsumerState;
import io.posthorn.server.queue.HeartOutput;
import io.posthorn.server.queue.RefusalKind;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.SpillSpace;
import java.util.ArrayList;
import java.util.List;

/** Turns what the heart emits into frames and read requests. Sequencer only. */
final class DeliveryOutput implements HeartOutput {

    /** Starts reads. */
    interface Reads {
        void read(ReadRequest request);

        void readScheduled(ScheduledRequest request);

        void readExpired(ExpiredRequest request);
    }

    private final Reads reader;
    private final SpillSpace spill;
    private final List<ConsumerOutbox> dirty = new ArrayList<>();

    /**
     * @param reader its results must come back as events
     * @param spill  likewise
     */
    DeliveryOutput(Reads reader, SpillSpace spill) {
        this.reader = reader;
        this.spill = spill;
    }

    @Override
    public void deliver(
            ConsumerState to, long deliveryId, int deliveryCount, long lane, long offset, EncodedMessage message) {
        ConsumerOutbox outbox = outbox(to);
        if (!message.isWhole()) {
            Reference reference =
                    new Reference(deliveryId, deliveryCount, new MessageRef(lane, offset), message.place());
            if (outbox.add(reference)) {
                dirty.add(outbox);
            }
        } else if (outbox.add(new Delivery(deliveryId, deliveryCount, new MessageRef(lane, offset), message))) {
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
        reader.read(request);
    }

    @Override
    public void readScheduled(ScheduledRequest request) {
        reader.readScheduled(request);
    }

    @Override
    public void readExpired(ExpiredRequest request) {
        reader.readExpired(request);
    }

    @Override
    public void spill(long id, EncodedMessage message) {
        spill.write(id, message);
    }

    @Override
    public void readSpilled(long[] ids) {
        spill.read(ids);
    }

    @Override
    public void dropSpilled(long id) {
        spill.drop(id);
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
