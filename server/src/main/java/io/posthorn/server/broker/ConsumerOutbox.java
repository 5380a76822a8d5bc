package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.DeliverCommand;
import io.posthorn.protocol.api.DeliverReferencesCommand;
import io.posthorn.protocol.api.DeliverReferencesCommand.Reference;
import io.posthorn.protocol.api.Delivery;
import java.util.ArrayList;
import java.util.List;

/** Deliveries of one batch for one consumer, on their way into as few frames as possible. Sequencer only. */
final class ConsumerOutbox {

    /** A frame is closed when its messages exceed this; one message of any size always fits. */
    private static final int FRAME_SOFT_MAX_BYTES = 512 * 1024;

    /** A frame is closed when it has so many references. */
    private static final int FRAME_MAX_REFERENCES = 1024;

    private final ClientSession session;
    private final int consumerId;
    private final List<Delivery> deliveries = new ArrayList<>();
    /** Never together with deliveries: they share one order. */
    private final List<Reference> references = new ArrayList<>(0);

    private int bytes;

    ConsumerOutbox(ClientSession session, int consumerId) {
        this.session = session;
        this.consumerId = consumerId;
    }

    /** Adds a delivery; returns whether it is the first since the last flush. */
    boolean add(Delivery delivery) {
        if (!references.isEmpty()) {
            flush();
        }
        deliveries.add(delivery);
        bytes += delivery.message().size();
        boolean first = deliveries.size() == 1;
        if (bytes >= FRAME_SOFT_MAX_BYTES) {
            flush();
        }
        return first;
    }

    /** As above, by reference. */
    boolean add(Reference reference) {
        if (!deliveries.isEmpty()) {
            flush();
        }
        references.add(reference);
        boolean first = references.size() == 1;
        if (references.size() == FRAME_MAX_REFERENCES) {
            flush();
        }
        return first;
    }

    void flush() {
        if (!references.isEmpty()) {
            flushReferences();
        }
        if (deliveries.isEmpty()) {
            return;
        }
        if (!session.ended()) {
            ByteBuf body = session.connection().newBody(64 + bytes + 48 * deliveries.size());
            new DeliverCommand(consumerId, deliveries).encode(body);
            session.connection().oneWay(RequestCode.DELIVER, body);
        }
        deliveries.clear();
        bytes = 0;
    }

    private void flushReferences() {
        if (!session.ended()) {
            DeliverReferencesCommand command = new DeliverReferencesCommand(consumerId, references);
            ByteBuf body = session.connection().newBody(command.encodedMaxBytes());
            command.encode(body);
            session.connection().oneWay(RequestCode.DELIVER_REFERENCES, body);
        }
        references.clear();
    }

    ClientSession session() {
        return session;
    }
}
