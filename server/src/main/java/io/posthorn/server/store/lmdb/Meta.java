package io.posthorn.server.store.lmdb;

import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.server.store.StoreException;

/**
 * The row of table {@code meta}: how far the journal has been folded.
 *
 * <pre>
 * 0  i32  format version of all tables, 1
 * 4  i64  position: the snapshot is the state before the entry that starts here
 * 12 i64  epoch of the newest entry below it, 0 = none
 * </pre>
 */
record Meta(long position, long epoch) {

    static final int VERSION = 1;

    /** Nothing has been folded yet. */
    static final Meta NONE = new Meta(0, 0);

    byte[] encode() {
        return new ByteWriter(20).i32(VERSION).i64(position).i64(epoch).toByteArray();
    }

    /** @throws StoreException if a newer release wrote it */
    static Meta decode(byte[] content) {
        ByteReader in = new ByteReader(content);
        int version = in.i32();
        if (version != VERSION) {
            throw new StoreException("LMDB table format " + version + ", this release reads " + VERSION
                    + ": start the release that wrote it");
        }
        return new Meta(in.i64(), in.i64());
    }
}
