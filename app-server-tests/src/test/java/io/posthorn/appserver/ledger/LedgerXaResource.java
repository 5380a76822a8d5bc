package io.posthorn.appserver.ledger;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** The branches of one connection. Lines are kept in memory until the branch is prepared. Called by the transaction manager. */
final class LedgerXaResource implements XAResource {

    private static final Xid[] NONE = {};

    private final LedgerFiles files;
    private final Map<LedgerXid, List<String>> open = new ConcurrentHashMap<>();
    private volatile List<String> current;

    LedgerXaResource(LedgerFiles files) {
        this.files = files;
    }

    /** @throws IllegalStateException outside a branch */
    void write(String line) {
        List<String> lines = current;
        if (lines == null) {
            throw new IllegalStateException("the ledger is written in global transactions only");
        }
        lines.add(line);
    }

    @Override
    public void start(Xid xid, int flags) {
        current = open.computeIfAbsent(LedgerXid.of(xid), unknown -> new ArrayList<>());
    }

    @Override
    public void end(Xid xid, int flags) {
        current = null;
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        LedgerXid name = LedgerXid.of(xid);
        List<String> lines = open.remove(name);
        if (lines == null) {
            throw new XAException(XAException.XAER_NOTA);
        }
        if (lines.isEmpty()) {
            return XA_RDONLY;
        }
        try {
            files.prepare(name, lines);
            return XA_OK;
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        if (onePhase && prepare(xid) == XA_RDONLY) {
            return;
        }
        try {
            files.commit(LedgerXid.of(xid));
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        open.remove(LedgerXid.of(xid));
        try {
            files.rollback(LedgerXid.of(xid));
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    @Override
    public Xid[] recover(int flags) throws XAException {
        if ((flags & TMSTARTRSCAN) == 0) {
            return NONE;
        }
        try {
            return files.preparedXids();
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    private static XAException failure(IOException cause) {
        XAException failure =
                new XAException(cause instanceof NoSuchFileException ? XAException.XAER_NOTA : XAException.XAER_RMERR);
        failure.initCause(cause);
        return failure;
    }

    @Override
    public void forget(Xid xid) {
        // It decides nothing by itself.
    }

    /** False for others: two connections keep two branches. */
    @Override
    public boolean isSameRM(XAResource other) {
        return other == this;
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
