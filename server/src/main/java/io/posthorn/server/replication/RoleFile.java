package io.posthorn.server.replication;

import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The role that a broker has come to have, which counts more than the one in its settings: the file {@code role} of the data directory. It is
 * there once the broker has followed a Master, was promoted, or was fenced.
 *
 * <pre>
 * posthorn-role 1
 * role MASTER | SLAVE
 * brokerId N          as which it follows, or followed
 * epoch N             MASTER: the lowest epoch it may serve with
 * minInSync N         copies that the group asks for
 * journalFrom P       SLAVE: where the journal begins that belongs to the snapshot it has taken; -1 = it has taken none
 * completeAt P        SLAVE: the position before which it cannot be promoted
 * </pre>
 */
public final class RoleFile {

    private static final String NAME = "role";
    private static final String HEAD = "posthorn-role 1";

    private final Path file;

    /** @param dataDir the broker's */
    public RoleFile(Path dataDir) {
        this.file = dataDir.resolve(NAME);
    }

    /** What the file says. */
    public record State(boolean master, long brokerId, long epoch, int minInSync, long journalFrom, long completeAt) {

        static final long NO_SNAPSHOT = -1;

        /** A Slave that has taken no snapshot. */
        public static State slave(long brokerId, int minInSync) {
            return new State(false, brokerId, 0, minInSync, NO_SNAPSHOT, 0);
        }

        /** A Master that has got a group. */
        static State master(int minInSync) {
            return new State(true, 0, 0, minInSync, NO_SNAPSHOT, 0);
        }

        /** The same, as Master from an epoch on. */
        State promoted(long newEpoch, int copies) {
            return new State(true, brokerId, newEpoch, copies, NO_SNAPSHOT, 0);
        }

        State withMinInSync(int copies) {
            return new State(master, brokerId, epoch, copies, journalFrom, completeAt);
        }

        State withSnapshot(long from, long complete) {
            return new State(master, brokerId, epoch, minInSync, from, complete);
        }
    }

    /**
     * Reads it.
     *
     * @return null when there is none
     * @throws StoreException if it cannot be read, or is of a newer format
     */
    public State read() {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
                throw new StoreException(file + " does not begin with \"" + HEAD + "\", which this release reads");
            }
            return new State(
                    value(lines, "role").equals("MASTER"),
                    number(lines, "brokerId"),
                    number(lines, "epoch"),
                    (int) number(lines, "minInSync"),
                    number(lines, "journalFrom"),
                    number(lines, "completeAt"));
        } catch (IOException failed) {
            throw new StoreException("the file " + file + " cannot be read: " + failed, failed);
        }
    }

    /** Replaces it; durable when this returns. */
    public void write(State state) {
        String text = HEAD
                + "\nrole " + (state.master() ? "MASTER" : "SLAVE")
                + "\nbrokerId " + state.brokerId()
                + "\nepoch " + state.epoch()
                + "\nminInSync " + state.minInSync()
                + "\njournalFrom " + state.journalFrom()
                + "\ncompleteAt " + state.completeAt()
                + "\n";
        Path fresh = file.resolveSibling(NAME + ".new");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException failed) {
            throw new StoreException("the file " + file + " cannot be written: " + failed, failed);
        }
    }

    private long number(List<String> lines, String key) {
        try {
            return Long.parseLong(value(lines, key));
        } catch (NumberFormatException noNumber) {
            throw new StoreException(file + ": " + key + " is no number");
        }
    }

    private String value(List<String> lines, String key) {
        for (String line : lines) {
            if (line.startsWith(key + " ")) {
                return line.substring(key.length() + 1);
            }
        }
        throw new StoreException(file + " has no line \"" + key + "\"");
    }
}
