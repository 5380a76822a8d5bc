package io.posthorn.server.store;

/**
 * Asks for messages that wait for their time: some by number, and those that come next in the deep store, by due time and number.
 *
 * @param ids       numbers, may be none
 * @param positions per number the physical offset of the entry that bears the message
 * @param postponed per number the record by which it began to wait when it was sent in a transaction and the store may not know that yet; else null
 * @param afterMs   due time and number of the last one that is not wanted; the time is negative when all are
 * @param untilMs   latest due time
 * @param bytesMax  bytes of those that come next, roughly; one is always possible
 */
public record ScheduledRequest(
        long[] ids,
        long[] positions,
        JournalRecord.Postponed[] postponed,
        long afterMs,
        long afterId,
        long untilMs,
        int bytesMax) {}
