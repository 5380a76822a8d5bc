package io.posthorn.server.store.lmdb;

import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.StoreException;

/**
 * The row of table {@code meta}: how far the journal has been folded.
 *
 * <pre>
 * 0  i32  format version of all tables: the format level of the store, 1 or 2
 * 4  i64  position: the snapshot is the state before the entry that starts here
 * 12 i64  epoch of the newest entry below it, 0 = none
 * </pre>
 *
 * <p>A release that does not know a level so refuses the tables, even when no entry of that level is left in the journal behind them.
 *
 * @param level highest level of the entries below the position, 0 = there were none
 */
record Meta(int level, long position, long epoch) {

    /** Nothing has been folded yet. */
    static final Meta NONE = new Meta(0, 0, 0);

    /** The same at another position. */
    Meta at(long newPosition) {
        return new Meta(level, newPosition, epoch);
    }

    /** With an entry of this level and epoch. */
    Meta with(int entryLevel, long entryEpoch) {
        return new Meta(Math.max(level, entryLevel), position, Math.max(epoch, entryEpoch));
    }

    byte[] encode() {
        // Tables without an entry below them have nothing that the first release could not read.
        int version = Math.max(FormatLevel.FIRST, level);
        return new ByteWriter(20).i32(version).i64(position).i64(epoch).toByteArray();
    }

    /** @throws StoreException if a newer release wrote it */
    static Meta decode(byte[] content) {
        ByteReader in = new ByteReader(content);
        int version = in.i32();
        if (version < FormatLevel.FIRST || version > FormatLevel.NEWEST) {
            throw new StoreException("LMDB table format " + version + ", this release reads " + FormatLevel.FIRST
                    + " to " + FormatLevel.NEWEST + ": start the release that wrote it");
        }
        return new Meta(version, in.i64(), in.i64());
    }
}
