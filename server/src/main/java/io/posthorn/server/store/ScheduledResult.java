package io.posthorn.server.store;

import java.util.List;

/**
 * What a {@link ScheduledRequest} found.
 *
 * @param known same order as the numbers; null where the store has nothing, or what it has is damaged. Null altogether when
 *              reading failed: then nothing else holds, and it may be tried again
 * @param next  by due time and number
 * @param more  whether there are others behind the last of these, up to the time that was asked for
 * @param last  whether there are none at all behind the last of these
 */
public record ScheduledResult(
        ScheduledRequest request,
        JournalRecord.Scheduled[] known,
        List<JournalRecord.Scheduled> next,
        boolean more,
        boolean last) {}
