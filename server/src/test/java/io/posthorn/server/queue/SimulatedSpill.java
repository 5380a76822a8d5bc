package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The disk to which messages are spilled: in memory, and it answers when it is told to. */
final class SimulatedSpill {

    /** Why writes are refused; null when they are not. */
    String refusal;

    private final Map<Long, EncodedMessage> stored = new HashMap<>();
    private final List<Long> written = new ArrayList<>();
    private final ArrayDeque<long[]> reads = new ArrayDeque<>();
    int readBack;

    void spill(long id, EncodedMessage message) {
        if (stored.put(id, message) != null) {
            throw new AssertionError("message " + id + " is spilled twice");
        }
        written.add(id);
    }

    void read(long[] ids) {
        if (ids.length == 0) {
            throw new AssertionError("a read of nothing");
        }
        reads.add(ids);
    }

    void drop(long id) {
        if (stored.remove(id) == null) {
            throw new AssertionError("message " + id + " is dropped and was not there");
        }
        written.remove(id);
    }

    int stored() {
        return stored.size();
    }

    boolean isBusy() {
        return !written.isEmpty() || !reads.isEmpty();
    }

    /** Answers all that was written, or else the oldest read; false when there is neither. */
    boolean answer(BrokerHeart heart) {
        if (!written.isEmpty()) {
            long[] ids = written.stream().mapToLong(Long::longValue).toArray();
            written.clear();
            if (refusal == null) {
                heart.spilled(ids);
            } else {
                for (long id : ids) {
                    stored.remove(id);
                }
                heart.spillRefused(ids, refusal);
            }
            return true;
        }
        long[] ids = reads.poll();
        if (ids == null) {
            return false;
        }
        EncodedMessage[] found = new EncodedMessage[ids.length];
        for (int i = 0; i < ids.length; i++) {
            found[i] = stored.get(ids[i]);
            readBack++;
        }
        heart.spillRead(ids, found);
        return true;
    }
}
