package io.posthorn.server.replication;

import io.posthorn.protocol.api.SnapshotResponse;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.tiered.FollowerStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Slave's files while it takes a snapshot. Wherever the process dies, the next start finds either the old store or the new one.
 *
 * <pre>
 * {data directory}
 *   receiving/lmdb/data.mdb   what has come so far; removed at start
 *   received/                 it is whole: lmdb/data.mdb, epochs, and a plan with three lines
 *     plan                      journalFrom P, completeAt P, aside NAME or aside - (nothing is kept of the old store)
 *   aside-END/                a store that had parted from the Master's: journal, lmdb, epochs; nobody reads or removes it
 * </pre>
 *
 * <p>Installing moves the old files away, the epochs to their place, writes the role, and at last moves the tables. One thread, the store
 * being closed.
 */
final class SnapshotInstall {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotInstall.class);
    private static final List<String> OLD = List.of("journal", "lmdb");
    private static final String EPOCHS = "epochs";

    private final Path dataDir;
    private final Path receiving;
    private final Path received;

    SnapshotInstall(Path dataDir) {
        this.dataDir = dataDir;
        this.receiving = dataDir.resolve("receiving");
        this.received = dataDir.resolve("received");
    }

    /** The file into which the snapshot is written. */
    Path file() {
        return receiving.resolve("lmdb").resolve("data.mdb");
    }

    /** Nothing has come yet. */
    void begin() throws IOException {
        SnapshotShelf.deleteTree(receiving);
        Files.createDirectories(file().getParent());
    }

    /**
     * Everything has come.
     *
     * @param aside where the old store goes, or null when it is not needed any more
     * @throws StoreException if it is not what the Master has sent
     */
    void complete(SnapshotResponse snapshot, String aside) throws IOException {
        if (Files.size(file()) != snapshot.bytes() || SnapshotShelf.crc(file()) != snapshot.crc()) {
            SnapshotShelf.deleteTree(receiving);
            throw new StoreException("the snapshot arrived damaged");
        }
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        FollowerStore.writeEpochs(receiving, Epochs.fromWire(snapshot.reigns()));
        write(
                receiving.resolve("plan"),
                snapshot.journalFrom() + "\n" + snapshot.completeAt() + "\n" + (aside == null ? "-" : aside) + "\n");
        Files.move(receiving, received, StandardCopyOption.ATOMIC_MOVE);
        sync(dataDir);
    }

    /**
     * Installs what has been received; also what an earlier process had received.
     *
     * @return the role, changed if there was something
     */
    RoleFile.State install(RoleFile roles, RoleFile.State role) {
        SnapshotShelf.deleteTree(receiving);
        Path tables = received.resolve("lmdb");
        if (!Files.exists(tables)) {
            SnapshotShelf.deleteTree(received);
            return role;
        }
        try {
            List<String> plan = Files.readAllLines(received.resolve("plan"), StandardCharsets.US_ASCII);
            boolean keeps = !plan.get(2).equals("-");
            Path old = dataDir.resolve(keeps ? plan.get(2) : "discarded");
            Files.createDirectories(old);
            for (String name : OLD) {
                moveIfThere(dataDir.resolve(name), old.resolve(name));
            }
            if (Files.exists(received.resolve(EPOCHS))) {
                moveIfThere(dataDir.resolve(EPOCHS), old.resolve(EPOCHS));
                Files.move(received.resolve(EPOCHS), dataDir.resolve(EPOCHS), StandardCopyOption.ATOMIC_MOVE);
            }
            RoleFile.State changed = role.withSnapshot(Long.parseLong(plan.get(0)), Long.parseLong(plan.get(1)));
            roles.write(changed);
            Files.move(tables, dataDir.resolve("lmdb"), StandardCopyOption.ATOMIC_MOVE);
            sync(dataDir);
            SnapshotShelf.deleteTree(received);
            if (keeps) {
                LOG.warn("the store that had parted from the Master's is kept in {}", old);
            } else {
                SnapshotShelf.deleteTree(old);
            }
            return changed;
        } catch (IOException failed) {
            throw new StoreException("the snapshot in " + received + " cannot be installed: " + failed, failed);
        }
    }

    private static void moveIfThere(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void sync(Path dir) throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
