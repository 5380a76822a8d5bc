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
    private static final int WINDOW_BYTES = 1 << 20;

    /** Looks at every byte up to the segment's end; once per start of the store. */
    static TornTail behind(Segment segment, long bad) throws IOException {
        ByteBuffer window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, segment.limit() - bad));
        long bytes = 0;
        for (long from = bad, last = 1; last > 0; from += last) {
            window.clear().limit((int) Math.min(window.capacity(), segment.limit() - from));
            // A header that does not lie wholly in this window is looked at in the next one.
            last = segment.read(window, from) - JournalFormat.ENTRY_HEADER_BYTES;
            for (int i = 0; i < last; i++) {
                // An entry names its own position, so remains of an older use of the file do not look like one.
                if (window.getLong(i + JournalFormat.ENTRY_POSITION_AT) != from + i) {
                    continue;
                }
                bytes = from + i - bad + JournalFormat.ENTRY_HEADER_BYTES;
                EntryCursor candidate = new EntryCursor(segment, from + i, CANDIDATE_BUFFER_BYTES);
                if (candidate.next() && candidate.durableThen() > bad) {
                    return new TornTail(candidate.position(), bytes);
                }
            }
        }
        return new TornTail(-1, bytes);
    }
}
