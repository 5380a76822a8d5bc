package io.posthorn.appserver.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.transaction.xa.Xid;

/**
 * The ledger on disk: a prepared or committed branch is a file with its lines, which outlives the process. The application server's
 * threads write it; the test, in another process, reads it and may ask for a crash. Any thread.
 */
public final class LedgerFiles {

    /** System property of the application server's process: the directory. */
    public static final String DIRECTORY = "ledger.dir";

    private static final String PREPARED = ".prepared";
    private static final String COMMITTED = ".committed";
    private static final String CRASH = "crash-at-commit";
    private static final int EXIT_CODE = 137;

    private final Path dir;

    public LedgerFiles(Path dir) {
        this.dir = dir;
    }

    /** The one that the process was told of. */
    static LedgerFiles ofThisProcess() {
        String dir = System.getProperty(DIRECTORY);
        if (dir == null) {
            throw new IllegalStateException("the system property " + DIRECTORY + " is missing");
        }
        return new LedgerFiles(Path.of(dir));
    }

    /** The commit of a branch with this line halts its process instead, once; others that are under way are not concerned. */
    public void crashAtCommitOf(String line) throws IOException {
        Files.writeString(dir.resolve(CRASH), line);
    }

    /** All lines of committed branches, in no order. */
    public List<String> committed() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files(COMMITTED)) {
            lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
        }
        return lines;
    }

    /** Number of branches with this line that wait for their decision. */
    public int prepared(String line) throws IOException {
        int count = 0;
        for (Path file : files(PREPARED)) {
            try {
                count += Files.readAllLines(file).contains(line) ? 1 : 0;
            } catch (NoSuchFileException decided) {
                // In this moment.
                continue;
            }
        }
        return count;
    }

    void prepare(LedgerXid xid, List<String> lines) throws IOException {
        Path unfinished = dir.resolve(xid + ".tmp");
        Files.write(unfinished, lines, StandardCharsets.UTF_8);
        Files.move(unfinished, dir.resolve(xid + PREPARED), StandardCopyOption.ATOMIC_MOVE);
    }

    /** @throws NoSuchFileException if no such branch is prepared */
    void commit(LedgerXid xid) throws IOException {
        Path crash = dir.resolve(CRASH);
        if (Files.exists(crash)
                && Files.readAllLines(dir.resolve(xid + PREPARED)).contains(Files.readString(crash))
                && Files.deleteIfExists(crash)) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        Files.move(dir.resolve(xid + PREPARED), dir.resolve(xid + COMMITTED), StandardCopyOption.ATOMIC_MOVE);
    }

    void rollback(LedgerXid xid) throws IOException {
        Files.deleteIfExists(dir.resolve(xid + PREPARED));
    }

    Xid[] preparedXids() throws IOException {
        List<Xid> xids = new ArrayList<>();
        for (Path file : files(PREPARED)) {
            String name = file.getFileName().toString();
            xids.add(LedgerXid.parse(name.substring(0, name.length() - PREPARED.length())));
        }
        return xids.toArray(Xid[]::new);
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
