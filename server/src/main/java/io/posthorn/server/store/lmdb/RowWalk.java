package io.posthorn.server.store.lmdb;

import io.posthorn.server.store.Finding;
import io.posthorn.server.store.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * Walks over tables row by row, checks what all rows have in common (rising keys, sealed values), and hands the content on. One
 * thread, one read transaction.
 */
final class RowWalk {

    /** For a table whose keys differ in length. */
    static final int ANY_LENGTH = 0;

    /** LMDB's own limit. */
    private static final int KEY_MAX_BYTES = 511;

    private static final long PROGRESS_ROWS = 1024;

    /** Looks at one row whose value is intact; whatever it throws becomes a finding. */
    @FunctionalInterface
    interface RowCheck {

        /** @return what is wrong with the row, or null */
        String check(ByteBuffer key, byte[] content);
    }

    private final Txn<ByteBuffer> txn;
    private final Values values;
    private final Consumer<Finding> findings;
    private final Progress progress;
    private final CRC32C digest = new CRC32C();
    private long rows;

    RowWalk(Txn<ByteBuffer> txn, Values values, Consumer<Finding> findings, Progress progress) {
        this.txn = txn;
        this.values = values;
        this.findings = findings;
        this.progress = progress;
    }

    /** Rows seen so far, in all tables. */
    long rows() {
        return rows;
    }

    /** CRC32C over tables, keys and values seen so far: equal for equal contents. */
    int digest() {
        return (int) digest.getValue();
    }

    void table(String name, Dbi<ByteBuffer> table, int keyBytes, RowCheck check) {
        byte[] before = null;
        long count = 0;
        long expected = 0;
        digest.update(name.getBytes(StandardCharsets.US_ASCII));
        try (Cursor<ByteBuffer> cursor = table.openCursor(txn)) {
            expected = table.stat(txn).entries;
            progress.at("table " + name, 0, expected);
            for (boolean more = cursor.first(); more; more = cursor.next()) {
                byte[] key = key(cursor.key());
                String wrong = key == null
                        ? "a key of " + cursor.key().remaining() + " bytes"
                        : before != null && Arrays.compareUnsigned(before, key) >= 0
                                ? "the keys are out of order"
                                : null;
                if (wrong != null) {
                    found(name, before, "behind this key: " + wrong + "; the rest of the table is not read");
                    return;
                }
                row(name, key, keyBytes, cursor.val(), check);
                before = key;
                count++;
                if (count % PROGRESS_ROWS == 0) {
                    progress.at("table " + name + " key " + HexFormat.of().formatHex(key), count, expected);
                }
            }
        } catch (LmdbException failed) {
            found(name, before, "behind this key: " + Values.text(failed) + "; the rest of the table is not read");
            return;
        }
        if (count != expected) {
            findings.accept(new Finding("table " + name, "it has " + count + " rows, its own count is " + expected));
        }
    }

    private void row(String name, byte[] key, int keyBytes, ByteBuffer value, RowCheck check) {
        rows++;
        digest.update(key);
        if (keyBytes != ANY_LENGTH && key.length != keyBytes) {
            found(name, key, "a key of " + key.length + " bytes where " + keyBytes + " are usual");
            return;
        }
        try {
            digest.update(value.duplicate());
            byte[] content = values.open(value, name);
            String wrong = content == null
                    ? "the value is damaged (CRC32C differs)"
                    : check.check(ByteBuffer.wrap(key), content);
            if (wrong != null) {
                found(name, key, wrong);
            }
        } catch (RuntimeException | InternalError unreadable) {
            // The loop's edge: a damaged row fails in any way, and the others are to be looked at too. An InternalError
            // is what the
            // JVM makes of a page that cannot be read.
            found(name, key, "the row cannot be read: " + unreadable);
        }
    }

    private void found(String table, byte[] key, String what) {
        String text = key == null ? "(before the first)" : HexFormat.of().formatHex(key);
        findings.accept(new Finding("table " + table + " key " + text, what));
    }

    private static byte[] key(ByteBuffer key) {
        if (key.remaining() > KEY_MAX_BYTES) {
            return null;
        }
        byte[] bytes = new byte[key.remaining()];
        key.get(key.position(), bytes);
        return bytes;
    }
}
