package io.posthorn.server.queue;

import io.posthorn.server.store.JournalRecord;
import java.util.ArrayDeque;
import java.util.List;

/**
 * What a verb left to do once its entry has a journal position: giving copies of the message to subscriptions that live
 * in memory. Bound to the entry by identity, so that nothing happens at recovery or on a Slave.
 */
final class Continuations {

    /** Called with the entry's position, right after it was replayed. */
    interface Continuation {
        void replayed(long position);
    }

    private record Waiting(List<JournalRecord> entry, Continuation then) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(4);

    void after(List<JournalRecord> entry, Continuation then) {
        waiting.add(new Waiting(entry, then));
    }

    /** The entry could not be appended: nothing of it happens. */
    void discard(List<JournalRecord> entry) {
        waiting.removeIf(each -> each.entry == entry);
    }

    void replayed(List<JournalRecord> entry, long position) {
        if (!waiting.isEmpty() && waiting.peek().entry == entry) {
            waiting.poll().then.replayed(position);
        }
    }
}
