package io.posthorn.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * A second resource manager for tests: a branch is a file whose name ends with its state, so that it outlives the process. The hook
 * runs when it is told to commit, before it does.
 */
public final class FileResource implements XAResource {

    private static final String PREPARED = ".prepared";
    private static final String COMMITTED = ".committed";
    private static final String ROLLED_BACK = ".rolledback";

    private final Path dir;
    private final Runnable beforeCommit;

    public FileResource(Path dir, Runnable beforeCommit) {
        this.dir = dir;
        this.beforeCommit = beforeCommit;
    }

    public long committed() {
        return count(COMMITTED);
    }

    public long rolledBack() {
        return count(ROLLED_BACK);
    }

    public long prepared() {
        return count(PREPARED);
    }

    private long count(String state) {
        return files().stream().filter(name -> name.endsWith(state)).count();
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void start(Xid xid, int flags) {
        // It has no work to associate.
    }

    @Override
    public void end(Xid xid, int flags) {
        // Likewise.
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        try {
            Files.createFile(dir.resolve(TestXid.of(xid) + PREPARED));
            return XA_OK;
        } catch (IOException failed) {
            throw new XAException(XAException.XAER_RMERR);
        }
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        beforeCommit.run();
        move(xid, COMMITTED);
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        move(xid, ROLLED_BACK);
    }

    private void move(Xid xid, String state) throws XAException {
        String name = TestXid.of(xid).toString();
        try {
            if (Files.exists(dir.resolve(name + PREPARED))) {
                Files.move(dir.resolve(name + PREPARED), dir.resolve(name + state));
            } else {
                Files.createFile(dir.resolve(name + state));
            }
        } catch (IOException failed) {
            throw new XAException(XAException.XAER_RMERR);
        }
    }

    @Override
    public Xid[] recover(int flags) {
        if ((flags & TMSTARTRSCAN) == 0) {
            return new Xid[0];
        }
        return files().stream()
                .filter(name -> name.endsWith(PREPARED))
                .map(name -> TestXid.parse(name.substring(0, name.length() - PREPARED.length())))
                .toArray(Xid[]::new);
    }

    @Override
    public void forget(Xid xid) {
        // Nothing is decided here without the transaction manager.
    }

    @Override
    public boolean isSameRM(XAResource other) {
        return other instanceof FileResource that && that.dir.equals(dir);
    }

    @Override
    public int getTransactionTimeout() {
        return 0;
    }

    @Override
    public boolean setTransactionTimeout(int seconds) {
        return false;
    }
}
