package io.posthorn.server.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What lies behind the first bad entry of the last segment.
 *
 * @param proof position of an intact entry that was written when the bad one was durable, so that this is damage and no torn tail; -1 =
 *     there is none
 * @param bytes from the bad entry up to the last header of its epoch that can be made out; 0 = nothing was ever written there
 */
record TornTail(long proof, long bytes) {

    private static final int CANDIDATE_BUFFER_BYTES = 4096;

    /** Looks at every byte up to the segment's end; once per start of the store. */
    static TornTail behind(Segment segment, long bad) throws IOException {
        ByteBuffer rest = ByteBuffer.allocate((int) (segment.limit() - bad));
        int last = segment.read(rest, bad) - JournalFormat.ENTRY_HEADER_BYTES;
        long bytes = 0;
        for (int i = 0; i < last; i++) {
            // An entry names its own position, so remains of an older use of the file do not look like one.
            if (rest.getLong(i + JournalFormat.ENTRY_POSITION_AT) != bad + i) {
                continue;
            }
            bytes = i + JournalFormat.ENTRY_HEADER_BYTES;
            EntryCursor candidate = new EntryCursor(segment, bad + i, CANDIDATE_BUFFER_BYTES);
            if (candidate.next() && candidate.durableThen() > bad) {
                return new TornTail(candidate.position(), bytes);
            }
        }
        return new TornTail(-1, bytes);
    }
}
