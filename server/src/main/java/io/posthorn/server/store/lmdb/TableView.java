package io.posthorn.server.store.lmdb;

import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * The LMDB environment of a data directory, opened for reading only: for the tools. A broker may be using it meanwhile, in another process; in
 * one process it must not be opened twice. One thread.
 *
 * <p>LMDB trusts its pages: reading a damaged environment may end the process.
 */
public final class TableView implements AutoCloseable {

    private static final int READERS_MAX = 64;

    private final Path dir;
    private final Env<ByteBuffer> env;
    private final Tables tables;
    private final Values values = new Values();

    private TableView(Path dir, Env<ByteBuffer> env, Tables tables) {
        this.dir = dir;
        this.env = env;
        this.tables = tables;
    }

    /** @throws StoreException if it is absent, cannot be opened, or is truncated */
    public static TableView open(Path dataDir) {
        Path dir = dataDir.resolve("lmdb");
        Env<ByteBuffer> env = null;
        try {
            DataFile file = new DataFile(dir);
            file.check();
            env = Env.create()
                    .setMapSize(DeepStore.mapSize(dir, 0))
                    .setMaxDbs(Tables.COUNT)
                    .setMaxReaders(READERS_MAX)
                    .open(dir.toFile(), EnvFlags.MDB_RDONLY_ENV, EnvFlags.MDB_NOTLS);
            return new TableView(dir, env, Tables.existing(env));
        } catch (IOException | LmdbException failed) {
            if (env != null) {
                env.close();
            }
            throw new StoreException("the LMDB environment in " + dir + " cannot be opened: " + failed, failed);
        }
    }

    /** Where the last checkpoint ended; 0 when there was none. */
    public long position() {
        return meta().position();
    }

    /** Format level of what lies below {@link #position}; 0 when nothing has been folded. */
    public int formatLevel() {
        return meta().level();
    }

    /** Newest epoch below {@link #position}. */
    public long epoch() {
        return meta().epoch();
    }

    /** Bytes of the data file that are in use or were. */
    public long dataBytes() {
        return (env.info().lastPageNumber + 1) * env.stat().pageSize;
    }

    /**
     * Copies the environment as it is at one moment, in one read transaction.
     *
     * @param target an empty directory
     */
    public void copyTo(Path target) {
        try {
            env.copy(target.toFile());
        } catch (LmdbException failed) {
            throw new StoreException(
                    "the LMDB environment in " + dir + " cannot be copied to " + target + ": " + failed, failed);
        }
    }

    @Override
    public void close() {
        env.close();
    }

    Tables tables() {
        return tables;
    }

    Values values() {
        return values;
    }

    Txn<ByteBuffer> txnRead() {
        return env.txnRead();
    }

    private Meta meta() {
        try (Txn<ByteBuffer> txn = env.txnRead()) {
            ByteBuffer value = tables.meta.get(txn, new Key().meta());
            return value == null
                    ? Meta.NONE
                    : Meta.decode(new Rows(tables, values, txn).content(value, "meta", "state"));
        } catch (LmdbException failed) {
            throw new StoreException("the LMDB environment in " + dir + " cannot be read: " + failed, failed);
        }
    }
}
