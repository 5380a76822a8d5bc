package io.posthorn.server.store.lmdb;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord;

/** Where the bytes of a message that is about to be written come from. */
sealed interface MessageSource {

    /** Bytes that this holds in memory. */
    default int bytes() {
        return 0;
    }

    /** From a journal entry read just now. */
    record Inline(EncodedMessage message, long receivedMs, long position) implements MessageSource {
        @Override
        public int bytes() {
            return message.size();
        }
    }

    /**
     * The same, for a row that waits for its place.
     *
     * @param record the Staged or Scheduled record, without its message
     */
    record Waiting(JournalRecord record, EncodedMessage message, long position) implements MessageSource {
        @Override
        public int bytes() {
            return message.size();
        }
    }

    /** From a row that an earlier transaction wrote; moved within LMDB, never held in memory together with others. */
    record StagedRow(StagedKey key) implements MessageSource {}

    /**
     * A staged row that an earlier transaction wrote, and that becomes one that waits for its time.
     *
     * @param record by which it does
     */
    record PostponedRow(JournalRecord.Postponed record, StagedKey key) implements MessageSource {}

    /** From a row that waits, likewise. */
    record ScheduleRow(long scheduleId) implements MessageSource {}
}
