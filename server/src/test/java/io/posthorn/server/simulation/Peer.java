package io.posthorn.server.simulation;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.queue.ClientState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client with one session, as it sees itself. */
final class Peer {

    final ClientState state;
    final long producer;
    /** Numbers of what is journalled, against repetition. */
    long sequence;
    /** Numbers of all messages. */
    long number;
    /** The open transaction; 0 = none. */
    long tx;

    int staged;
    List<Sent> inTransaction = new ArrayList<>();
    /** The branch that the transaction belongs to, or null. */
    Branch branch;

    /** The last send outside a transaction, for its repetition; null before the first. */
    Sent lastSent;

    EncodedMessage lastMessage;
    long lastSequence;

    final Map<Integer, Mouth> mouths = new LinkedHashMap<>();
    int lastConsumer;

    Peer(ClientState state, long producer) {
        this.state = state;
        this.producer = producer;
    }
}
