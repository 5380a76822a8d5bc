package io.posthorn.server.store.lmdb;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.SpillSpace;
import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that need not outlive the process, in an LMDB environment of their own in the directory {@code spill}, which is emptied at each
 * start and made again when it is first needed. Nothing is synced.
 *
 * <pre>
 * table    key      value
 * message  i64 id   sealed bytes of the message (see {@link Values})
 * </pre>
 *
 * <p>Requests gather while the thread of this store works on those before, and are worked off together. When nothing is left
 * in it and the file has become large, it is removed.
 */
public final class SpillStore implements SpillSpace, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpillStore.class);

    /** The file may be a little more than twice as large as what is in it: a page holds a whole number of messages. */
    private static final long ROOM_FACTOR = 3;

    /** What the map grows by when it has become so full that nothing could be taken out of it either. */
    private static final long RELIEF_BYTES = 1 << 20;

    private static final long ROOM_MIN_BYTES = 64L << 20;
    private static final long KEPT_FILE_BYTES = 64L << 20;
    /** A row that is written for the sake of a new transaction: LMDB uses pages again that one has freed in the next but one. */
    private static final Map<Long, EncodedMessage> NEW_TRANSACTION = Collections.singletonMap(0L, null);

    private static final byte[] NOTHING = {};
    private static final int READERS_MAX = 8;
    private static final long LOCK_FILE_BYTES = 16 << 10;
    private static final int BATCH_MAX = 4096;
    private static final long PAGE_BYTES = 4096;

    private final Path dir;
    private final long mapBytes;
    private final Supplier<String> diskRefusal;
    private final Listener listener;
    private final Consumer<Throwable> broken;
    private final Values values = new Values();
    private final Key key = new Key();

    // Handed over to the thread, under this object's lock.
    private final Map<Long, EncodedMessage> writes = new LinkedHashMap<>();
    private final List<Long> drops = new ArrayList<>();
    private final List<long[]> reads = new ArrayList<>();
    private boolean closed;
    private Thread thread;

    // The thread's own.
    private Env<ByteBuffer> env;
    private Dbi<ByteBuffer> messages;
    private long count;
    /** The last message that came was refused. */
    private boolean refusing;

    private final List<Long> undropped = new ArrayList<>();

    /**
     * @param dataDir     the store's data directory
     * @param bytesMax    bytes of messages that will be there at most
     * @param diskRefusal why nothing new may go to the disk, or null; asked before each batch, on the thread of this store
     * @param broken      told of what has ended that thread, after which nothing is answered any more
     */
    public SpillStore(
            Path dataDir, long bytesMax, Supplier<String> diskRefusal, Listener listener, Consumer<Throwable> broken) {
        this.broken = broken;
        this.dir = dataDir.resolve("spill");
        this.mapBytes = (bytesMax * ROOM_FACTOR + ROOM_MIN_BYTES) / PAGE_BYTES * PAGE_BYTES;
        this.diskRefusal = diskRefusal;
        this.listener = listener;
    }

    /** Removes what an earlier process has left. */
    public void wipe() {
        try {
            for (String file : List.of("data.mdb", "lock.mdb")) {
                Files.deleteIfExists(dir.resolve(file));
            }
            Files.deleteIfExists(dir);
        } catch (IOException failed) {
            throw new StoreException("the directory " + dir + " cannot be emptied: " + failed, failed);
        }
    }

    @Override
    public synchronized void write(long id, EncodedMessage message) {
        writes.put(id, message);
        wake();
    }

    @Override
    public synchronized void read(long[] ids) {
        reads.add(ids);
        wake();
    }

    @Override
    public synchronized void drop(long id) {
        if (writes.remove(id) == null) {
            drops.add(id);
            wake();
        }
    }

    private void wake() {
        if (closed) {
            return;
        }
        if (thread == null) {
            thread = new Thread(this::run, "posthorn-spill");
            thread.setDaemon(true);
            thread.start();
        }
        notifyAll();
    }

    /** Ends the thread; what is there is lost. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
            notifyAll();
        }
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            work();
        } catch (Throwable failed) {
            // The loop's edge: consumers wait for what is here.
            broken.accept(failed);
        }
    }

    private void work() {
        while (true) {
            Map<Long, EncodedMessage> toWrite = new LinkedHashMap<>();
            List<Long> toDrop;
            List<long[]> toRead;
            synchronized (this) {
                while (!closed && writes.isEmpty() && drops.isEmpty() && reads.isEmpty()) {
                    try {
                        wait();
                    } catch (InterruptedException interrupted) {
                        closed = true;
                    }
                }
                if (closed) {
                    break;
                }
                var each = writes.entrySet().iterator();
                while (each.hasNext() && toWrite.size() < BATCH_MAX) {
                    Map.Entry<Long, EncodedMessage> next = each.next();
                    toWrite.put(next.getKey(), next.getValue());
                    each.remove();
                }
                toDrop = new ArrayList<>(drops);
                drops.clear();
                toRead = new ArrayList<>(reads);
                reads.clear();
            }
            // Somebody waits for these.
            toRead.forEach(this::answerRead);
            undropped.addAll(toDrop);
            change(toWrite);
        }
        closeEnvironment();
    }

    private void change(Map<Long, EncodedMessage> toWrite) {
        String refusal = toWrite.isEmpty() ? null : diskRefusal.get();
        long[] ids = toWrite.keySet().stream().mapToLong(Long::longValue).toArray();
        try {
            if (ids.length > 0 && refusal == null) {
                open();
            }
            if (env != null) {
                write(refusal == null ? toWrite : Map.of());
            }
        } catch (IOException | LmdbException failed) {
            refusal = "writing to " + dir + " failed: " + failed;
            dropOnly();
        }
        if (ids.length > 0 && refusal == null) {
            refusing = false;
            listener.spilled(ids);
        } else if (ids.length > 0) {
            if (!refusing) {
                LOG.warn("Non-persistent messages stay in memory: {}", refusal);
            }
            refusing = true;
            listener.spillRefused(ids, refusal);
        }
        removeIfEmpty();
    }

    /** What was not written must not keep room from being freed. */
    private void dropOnly() {
        try {
            if (env != null) {
                write(NEW_TRANSACTION);
            }
        } catch (Env.MapFullException full) {
            // No transaction is open: this thread has them all.
            env.setMapSize(env.info().mapSize + RELIEF_BYTES);
        } catch (LmdbException failed) {
            LOG.debug("Room in {} cannot be freed now; it will be tried again", dir, failed);
        }
    }

    private void write(Map<Long, EncodedMessage> toWrite) {
        long change = 0;
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            try (Cursor<ByteBuffer> cursor = messages.openCursor(txn)) {
                for (Map.Entry<Long, EncodedMessage> each : toWrite.entrySet()) {
                    boolean isMessage = each.getValue() != null;
                    byte[] bytes = isMessage ? each.getValue().bytes() : NOTHING;
                    Values.put(cursor, key.number(each.getKey()), Values.Part.of(bytes), null);
                    change += isMessage ? 1 : 0;
                }
            }
            for (long id : undropped) {
                change -= messages.delete(txn, key.number(id)) ? 1 : 0;
            }
            txn.commit();
        }
        count += change;
        undropped.clear();
    }

    private void answerRead(long[] ids) {
        EncodedMessage[] found = new EncodedMessage[ids.length];
        if (env != null) {
            try (Txn<ByteBuffer> txn = env.txnRead()) {
                for (int i = 0; i < ids.length; i++) {
                    ByteBuffer value = messages.get(txn, key.number(ids[i]));
                    byte[] bytes = value == null ? null : values.open(value, "spilled message " + ids[i]);
                    found[i] = bytes == null ? null : EncodedMessage.wrap(bytes);
                }
            } catch (LmdbException failed) {
                LOG.error("Spilled messages in {} cannot be read", dir, failed);
            }
        }
        listener.spillRead(ids, found);
    }

    private void open() throws IOException {
        if (env != null) {
            return;
        }
        Files.createDirectories(dir);
        DataFile file = new DataFile(dir);
        file.fillLockFile(LOCK_FILE_BYTES);
        env = Env.create()
                .setMapSize(mapBytes)
                .setMaxDbs(1)
                .setMaxReaders(READERS_MAX)
                .open(dir.toFile(), EnvFlags.MDB_NOSYNC, EnvFlags.MDB_NOMETASYNC, EnvFlags.MDB_NOTLS);
        messages = env.openDbi("message", DbiFlags.MDB_CREATE);
        LOG.info("Non-persistent messages go to {} from now on: memory is short", dir);
    }

    private void removeIfEmpty() {
        if (env == null || count > 0 || !undropped.isEmpty()) {
            return;
        }
        if ((env.info().lastPageNumber + 1) * env.stat().pageSize <= KEPT_FILE_BYTES) {
            return;
        }
        closeEnvironment();
        try {
            wipe();
        } catch (StoreException kept) {
            LOG.warn("An empty file stays", kept);
        }
    }

    private void closeEnvironment() {
        if (env != null) {
            env.close();
            env = null;
        }
    }
}
