package io.posthorn.server.queue;

import io.posthorn.message.LargeBody;
import java.util.Arrays;

/** A large body on its way to the broker, chunk by chunk. Volatile: after a restart its chunks are dropped. */
final class Upload {

    final long id;
    final long length;
    /** Whose it is; changes when a client resumes, null once it has ended. */
    ClientState owner;

    private long[] offsets = new long[16];
    private int count;

    Upload(long id, long length, ClientState owner) {
        this.id = id;
        this.length = length;
        this.owner = owner;
    }

    /** The next chunk has its place. */
    void add(long offset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = offset;
    }

    /** How many chunks are there. */
    int count() {
        return count;
    }

    long offset(int index) {
        return offsets[index];
    }

    /** The places of its chunks, ascending, as in {@link LargeBody#ranges}. */
    long[] ranges() {
        RangeBuilder ranges = new RangeBuilder();
        for (int i = 0; i < count; i++) {
            ranges.add(offsets[i]);
        }
        return ranges.build();
    }

    /** Whether a message may refer to it by this. */
    boolean fits(LargeBody body) {
        return count == LargeBody.chunks(length) && body.length() == length && Arrays.equals(body.ranges(), ranges());
    }
}
