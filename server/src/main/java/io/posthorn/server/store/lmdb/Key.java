package io.posthorn.server.store.lmdb;

import io.posthorn.message.BranchId;
import io.posthorn.server.store.ClusterFields;
import io.posthorn.server.store.JournalRecord.ClusterRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A reusable direct buffer in which keys are built (layouts: {@link Tables}). One thread; each method forgets the key before, so the
 * buffer must have been used by then.
 */
final class Key {

    private static final int KEY_MAX_BYTES = 5 + 2 * BranchId.PART_MAX_BYTES;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(KEY_MAX_BYTES);

    ByteBuffer meta() {
        return buffer.clear().put("state".getBytes(StandardCharsets.US_ASCII)).flip();
    }

    /** A destination or subscription. */
    ByteBuffer id(int id) {
        return buffer.clear().putInt(id).flip();
    }

    /** A lane, schedule or producer. */
    ByteBuffer number(long number) {
        return buffer.clear().putLong(number).flip();
    }

    ByteBuffer message(long lane, long offset) {
        return buffer.clear().putLong(lane).putLong(offset).flip();
    }

    /** A schedule by its time. */
    ByteBuffer due(long dueMs, long scheduleId) {
        return buffer.clear().putLong(dueMs).putLong(scheduleId).flip();
    }

    /** A message by the time when it expires. */
    ByteBuffer expiry(long expiresMs, long lane, long offset) {
        return buffer.clear().putLong(expiresMs).putLong(lane).putLong(offset).flip();
    }

    /** A pending block or a delivery row. */
    ByteBuffer ofSubscription(int subscriptionId, long lane, long blockOrOffset) {
        return buffer.clear()
                .putInt(subscriptionId)
                .putLong(lane)
                .putLong(blockOrOffset)
                .flip();
    }

    ByteBuffer branch(BranchId branch) {
        byte[] gtrid = branch.gtrid();
        return buffer.clear()
                .putInt(branch.formatId())
                .put((byte) gtrid.length)
                .put(gtrid)
                .put(branch.bqual())
                .flip();
    }

    /** A row about the cluster. */
    ByteBuffer cluster(ClusterRecord record) {
        return buffer.clear().put(ClusterFields.rowKey(record)).flip();
    }

    ByteBuffer staged(long producerId, long txSequence, int index) {
        return buffer.clear()
                .putLong(producerId)
                .putLong(txSequence)
                .putInt(index)
                .flip();
    }
}
