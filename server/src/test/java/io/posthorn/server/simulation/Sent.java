package io.posthorn.server.simulation;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageId;

/** One logical send: what was promised about it. */
final class Sent {

    final long producer;
    final long number;
    final DestinationName to;
    final boolean persistent;
    /** For selectors. */
    final int kind;
    /** JMSXGroupID, or empty. */
    final String group;

    final int priority;
    /** Not delivered before, by the hand clock. */
    long dueMs;
    /** Its send, or its transaction's commit, was answered. */
    boolean acknowledged;
    /** It was refused, or its transaction was rolled back or will be: nobody gets it. */
    boolean gone;
    /** The transaction that it belongs to, or null. */
    String transaction;
    /** The branch that the transaction belongs to, or null. */
    BranchId branch;

    Sent(long producer, long number, DestinationName to, boolean persistent, int kind, String group, int priority) {
        this.producer = producer;
        this.number = number;
        this.to = to;
        this.persistent = persistent;
        this.kind = kind;
        this.group = group;
        this.priority = priority;
    }

    /** The name of the one that a message is. */
    static String name(EncodedMessage message) {
        MessageId id = message.messageId();
        return id.producerId() + "-" + id.sequence();
    }

    /** At a place, which is a queue or a subscription. */
    String at(String place) {
        return place + "|" + this;
    }

    @Override
    public String toString() {
        return producer + "-" + number;
    }
}
