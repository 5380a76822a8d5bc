package io.posthorn.server.store.lmdb;

import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.server.store.Store;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.lmdbjava.Cursor;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/**
 * Writes the sizes of messages, a block of {@value Store#BLOCK_MESSAGES} to a row, so that after a restart the bytes of a destination are known
 * without reading its messages. Used by one write transaction, with messages in the order of their keys; {@link #close} writes the last row.
 * A size never changes, and stays until its block has no message any more.
 */
final class SizeRows implements AutoCloseable {

    private final Tables tables;
    private final Values values;
    private final Txn<ByteBuffer> txn;
    private final Key key = new Key();
    private final ByteWriter scratch = new ByteWriter(64);

    private long lane;
    private long block = -1;
    private int[] sizes;

    SizeRows(Tables tables, Values values, Txn<ByteBuffer> txn) {
        this.tables = tables;
        this.values = values;
        this.txn = txn;
    }

    void put(MessageKey place, int size) {
        long number = PendingBlock.of(place.offset());
        if (block != number || lane != place.lane()) {
            flush();
            load(place.lane(), number);
        }
        sizes[(int) (place.offset() % Store.BLOCK_MESSAGES)] = size;
    }

    /** Deletes the row of a block in which no message is left. */
    void dropIfEmpty(long ofLane, long number) {
        boolean empty;
        try (Cursor<ByteBuffer> heads = tables.head.openCursor(txn)) {
            boolean found = heads.get(key.message(ofLane, number * Store.BLOCK_MESSAGES), GetOp.MDB_SET_RANGE);
            empty = !found
                    || heads.key().getLong(0) != ofLane
                    || PendingBlock.of(heads.key().getLong(8)) != number;
        }
        if (empty) {
            tables.size.delete(txn, key.message(ofLane, number));
        }
    }

    @Override
    public void close() {
        flush();
    }

    /** The content of a row: one number when all are equal, one for each otherwise; 0 where there never was a message. */
    static int[] decode(byte[] content) {
        ByteReader in = new ByteReader(content);
        int[] sizes = new int[in.count()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = (int) in.varint();
        }
        return sizes;
    }

    private void load(long ofLane, long number) {
        lane = ofLane;
        block = number;
        sizes = new int[Store.BLOCK_MESSAGES];
        ByteBuffer stored = tables.size.get(txn, key.message(ofLane, number));
        if (stored == null) {
            return;
        }
        int[] known = decode(new Rows(tables, values, txn).content(stored, "size", number));
        if (known.length == 1) {
            Arrays.fill(sizes, known[0]);
        } else {
            System.arraycopy(known, 0, sizes, 0, known.length);
        }
    }

    private void flush() {
        if (block < 0) {
            return;
        }
        int same = 0;
        boolean equal = true;
        for (int size : sizes) {
            equal &= size == 0 || same == 0 || size == same;
            same = Math.max(same, size);
        }
        scratch.truncate(0).varint(equal ? 1 : sizes.length);
        if (equal) {
            scratch.varint(same);
        } else {
            for (int size : sizes) {
                scratch.varint(size);
            }
        }
        try (Cursor<ByteBuffer> cursor = tables.size.openCursor(txn)) {
            Values.put(cursor, key.message(lane, block), Values.Part.of(scratch.toByteArray()), null);
        }
        block = -1;
    }
}
