package io.posthorn.cluster.history;

import java.util.Set;

/** One thing that a client or the test saw. What begins is recorded before it is tried, what ends when the answer is there. */
public sealed interface Event {

    /** How a consumer settles what it gets. */
    enum Mode {
        /** By itself, at some time after it got it. */
        AUTO,
        /** By an acknowledgement, see {@link Settled}. */
        CLIENT,
        /** With the transaction that is named. */
        TRANSACTED
    }

    /**
     * From now on messages of the destination are kept for this subscription; a queue is its own subscription.
     *
     * @param exclusive whether it has one consumer at a time, so that the order of what it gets means something
     */
    record Subscribed(String subscription, String destination, boolean exclusive) implements Event {}

    /**
     * A persistent message is about to be sent.
     *
     * @param message unique in the history
     * @param session whoever sends one after the other
     * @param transaction the transaction it is part of, unique in the history, or null
     */
    record SendBegun(String message, String session, String destination, int priority, String transaction)
            implements Event {}

    record SendEnded(String message, Outcome outcome) implements Event {}

    /**
     * The application got a message.
     *
     * @param redelivered whether it was marked so
     * @param transaction for mode TRANSACTED, else null
     */
    record Received(
            String consumer, String subscription, String message, boolean redelivered, Mode mode, String transaction)
            implements Event {}

    /**
     * An acknowledgement ended.
     *
     * @param outcome DONE: it is settled; UNKNOWN: it may be; REFUSED: it is not, and comes again
     */
    record Settled(String subscription, String message, Outcome outcome) implements Event {}

    /** A transaction is about to be committed or rolled back. */
    record TransactionEnding(String transaction, boolean commit) implements Event {}

    /** DONE: committed; REFUSED: rolled back. */
    record TransactionEnded(String transaction, Outcome outcome) implements Event {}

    /** A branch of a global transaction was prepared, for sure. */
    record BranchPrepared(String branch) implements Event {}

    /** The second phase of a branch is about to be tried. */
    record BranchEnding(String branch) implements Event {}

    /** The second phase is confirmed. */
    record BranchEnded(String branch) implements Event {}

    /** What recover listed, when no other second phase was under way. */
    record BranchesListed(Set<String> branches) implements Event {

        public BranchesListed {
            branches = Set.copyOf(branches);
        }
    }

    /** A Master said where it stands. */
    record MasterSeen(String brokerName, long epoch, String address, long commitPosition) implements Event {}

    /**
     * A Slave became the Master.
     *
     * @param lossAllowed whether the Master before it answered without waiting for Slaves
     * @param safe what ended before this index was on the Slave for sure; see {@link History#size}
     */
    record Promoted(String brokerName, boolean lossAllowed, int safe) implements Event {}

    /**
     * A broker started anew, or another one took its place: it knows what its clients tell it, and not what was handed to those that have
     * not come back. It may have served clients before and after this index.
     *
     * @param since it was still the one before at this index
     */
    record MemoryLost(int since) implements Event {}

    /**
     * Something between clients and a broker has ended their connections, and lost what it held of them. The broker took what had arrived for all that they
     * had said, as when a process dies; and they may have been away for longer than they were waited for, so that others were served.
     *
     * @param since they were still connected at this index
     */
    record LastWordsLost(int since) implements Event {}

    /** No message is left in the subscription: whatever comes to it has been received. */
    record Drained(String subscription) implements Event {}
}
