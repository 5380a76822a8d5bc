package io.posthorn.server.store.lmdb;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/**
 * Deletes ranges of keys, in as many transactions as it takes to keep each one small. Only for rows whose early loss cannot be
 * seen: the journal, replayed from the recorded position, removes them again. One thread.
 */
final class Deletes implements AutoCloseable {

    private final Env<ByteBuffer> env;
    private final int transactionRows;
    private final Map<Dbi<ByteBuffer>, Cursor<ByteBuffer>> cursors = new IdentityHashMap<>();

    private Txn<ByteBuffer> txn;
    private int rows;

    Deletes(Env<ByteBuffer> env, int transactionRows) {
        this.env = env;
        this.transactionRows = transactionRows;
    }

    /** Told about each row before it is deleted, in the same transaction. */
    @FunctionalInterface
    interface Deleting {
        void row(Txn<ByteBuffer> txn, ByteBuffer key, ByteBuffer value);
    }

    /** Deletes every key from one on and below another. */
    void range(Dbi<ByteBuffer> table, ByteBuffer from, ByteBuffer below) {
        range(table, from, below, (in, key, value) -> {});
    }

    /** As above. */
    void range(Dbi<ByteBuffer> table, ByteBuffer from, ByteBuffer below, Deleting deleting) {
        while (!deleteSome(table, from, below, deleting)) {
            commit();
        }
    }

    /** Deletes what a caller's transaction has to delete at once. */
    static void range(Txn<ByteBuffer> txn, Dbi<ByteBuffer> table, ByteBuffer from, ByteBuffer below) {
        try (Cursor<ByteBuffer> cursor = table.openCursor(txn)) {
            for (boolean more = cursor.get(from, GetOp.MDB_SET_RANGE);
                    more && compare(cursor.key(), below) < 0;
                    more = cursor.next()) {
                cursor.delete();
            }
        }
    }

    void commit() {
        if (txn != null) {
            closeCursors();
            txn.commit();
            txn.close();
            txn = null;
        }
        rows = 0;
    }

    /** Throws away what was not committed. */
    @Override
    public void close() {
        if (txn != null) {
            closeCursors();
            txn.close();
            txn = null;
        }
    }

    private boolean deleteSome(Dbi<ByteBuffer> table, ByteBuffer from, ByteBuffer below, Deleting deleting) {
        if (txn == null) {
            txn = env.txnWrite();
        }
        Cursor<ByteBuffer> cursor = cursors.computeIfAbsent(table, absent -> absent.openCursor(txn));
        for (boolean more = cursor.get(from, GetOp.MDB_SET_RANGE);
                more && compare(cursor.key(), below) < 0;
                more = cursor.next()) {
            if (rows++ >= transactionRows) {
                return false;
            }
            deleting.row(txn, cursor.key(), cursor.val());
            cursor.delete();
        }
        return true;
    }

    private void closeCursors() {
        cursors.values().forEach(Cursor::close);
        cursors.clear();
    }

    /** LMDB's order: bytes, unsigned. */
    private static int compare(ByteBuffer key, ByteBuffer other) {
        int at = key.mismatch(other);
        if (at < 0) {
            return 0;
        }
        if (at >= key.remaining() || at >= other.remaining()) {
            return Integer.compare(key.remaining(), other.remaining());
        }
        return Byte.compareUnsigned(key.get(key.position() + at), other.get(other.position() + at));
    }
}
