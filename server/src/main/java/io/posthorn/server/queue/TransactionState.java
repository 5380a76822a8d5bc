package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * What was sent so far in an open local transaction, or by one session in a branch of a global one. Its acknowledgements come with the
 * commit, or with the end of the work in the branch.
 */
final class TransactionState {

    /** Identity of a transaction. */
    record Key(long producerId, long txSequence) {}

    /**
     * One send.
     *
     * @param position where the body lies in the journal, 0 when not there
     * @param journalled whether there is a Staged record of it
     */
    record Staged(EncodedMessage message, long receivedMs, long position, boolean journalled) {}

    private record Counted(DestinationState destination, int bytes) {}

    final Key key;
    /** Who works in it; null after recovery, when nobody can, and in a prepared branch, when nobody may. */
    ClientState owner;
    /** Index = index in the transaction; null where a message lived in memory only and is lost. */
    final List<Staged> staged = new ArrayList<>();

    private final List<Counted> counted = new ArrayList<>();

    /** It belongs to a prepared branch: only that decides about it. */
    boolean prepared;

    int journalledCount;
    long bytes;
    /** Why it can no longer be committed; null as long as it can. */
    String overLimit;

    TransactionState(Key key) {
        this.key = key;
    }

    /** A send counts at its destination until the transaction ends, so that its commit never meets a limit. */
    void count(DestinationState destination, EncodedMessage message) {
        if (destination != null) {
            destination.usage.add(message.size());
            counted.add(new Counted(destination, message.size()));
        }
    }

    /** Ends what {@link #count} began. */
    void uncount() {
        for (Counted each : counted) {
            each.destination.usage.remove(each.bytes);
            each.destination.roomMade();
        }
        counted.clear();
    }

    void add(int index, Staged send) {
        while (staged.size() <= index) {
            staged.add(null);
        }
        staged.set(index, send);
        bytes += send.message.size();
        if (send.journalled) {
            journalledCount++;
        }
    }
}
