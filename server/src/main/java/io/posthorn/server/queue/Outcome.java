package io.posthorn.server.queue;

import io.posthorn.server.store.JournalRecord;
import java.util.List;

/**
 * What a verb came to. The caller appends each entry in order and replays it at once ({@link BrokerHeart#replay}), passing
 * on the very list it got here, and parks the answer until all entries are committed.
 *
 * <p>A refusal without entries means that nothing has happened. Three kinds may come with entries, which must be appended all the
 * same: a transaction that had to be rolled back (TRANSACTION_ROLLED_BACK, RESOURCE_EXHAUSTED at commit), and an
 * acknowledgement of which only a part could be carried out (DELIVERY_LOST).
 *
 * @param entries  each an atomic journal entry with at most one message-bearing record; not null
 * @param response the answer, null for verbs without one and for refusals
 * @param refusal  null when the verb was carried out
 * @param awaitCommit the answer has to wait until everything appended so far is committed, even without entries: it
 *     repeats the answer to a request whose entries may be uncommitted yet
 */
public record Outcome<R>(List<List<JournalRecord>> entries, R response, Refusal refusal, boolean awaitCommit) {

    private static final Outcome<Void> DONE = new Outcome<>(List.of(), null, null, false);
    private static final Outcome<Void> REPEATED = new Outcome<>(List.of(), null, null, true);

    /** Carried out, nothing to append. */
    static Outcome<Void> done() {
        return DONE;
    }

    /** Was carried out earlier; the answer waits for the commit of everything appended so far. */
    static Outcome<Void> repeated() {
        return REPEATED;
    }

    /** Carried out, nothing to append. */
    public static <R> Outcome<R> of(R response) {
        return new Outcome<>(List.of(), response, null, false);
    }

    static <R> Outcome<R> refused(RefusalKind kind, String text) {
        return refused(new Refusal(kind, text));
    }

    static <R> Outcome<R> refused(Refusal refusal) {
        return new Outcome<>(List.of(), null, refusal, false);
    }

    /** Whether the verb was refused. */
    public boolean isRefused() {
        return refusal != null;
    }
}
