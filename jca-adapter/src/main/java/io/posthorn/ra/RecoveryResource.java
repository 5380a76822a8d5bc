package io.posthorn.ra;

import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import java.util.Set;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and decides prepared branches for a server's transaction manager, without any transaction of its own (Jakarta Connectors 2.1, 7.6.2 and
 * 13.5.6). Any thread; calls exclude each other.
 *
 * <p>It connects when it is called: for a scan from its start to its end, otherwise for the one call. A broker that is away, or goes, is
 * XAER_RMFAIL, at once; the next call tries again.
 */
final class RecoveryResource implements XAResource {

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryResource.class);

    /** Transaction managers come again by themselves; nothing is gained by making them wait for a broker. */
    private static final String FAILOVER_TIMEOUT_MS = "300";

    /** What is of use to it. A client id would be refused: it belongs to the connection that does the work. */
    private static final Set<String> OPTIONS = Set.of("connectTimeoutMs", "requestTimeoutMs", "keepAliveMs");

    private final ClientUrl url;
    private ConnectionLink link;
    private boolean scanning;

    private RecoveryResource(ClientUrl url) {
        this.url = url;
    }

    /** For whom and where connections with these settings work. */
    static RecoveryResource of(ClientUrl settings) {
        return new RecoveryResource(settings.withOnly(OPTIONS).with("failoverTimeoutMs", FAILOVER_TIMEOUT_MS));
    }

    /** Whether the other finds the same branches in the same way. */
    boolean isLike(RecoveryResource other) {
        return url.equals(other.url);
    }

    /** Whether it holds a connection, which it does during a scan. */
    synchronized boolean isConnected() {
        return link != null;
    }

    // ---- recovery

    @Override
    public synchronized Xid[] recover(int flags) throws XAException {
        if ((flags & TMSTARTRSCAN) != 0) {
            close();
            scanning = true;
        }
        try {
            return call(resource -> resource.recover(flags));
        } finally {
            if ((flags & TMENDRSCAN) != 0) {
                close();
            }
        }
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        return call(resource -> resource.prepare(xid));
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        call(resource -> {
            resource.commit(xid, onePhase);
            return null;
        });
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        call(resource -> {
            resource.rollback(xid);
            return null;
        });
    }

    @Override
    public void forget(Xid xid) throws XAException {
        call(resource -> {
            resource.forget(xid);
            return null;
        });
    }

    /** Whether branches of the other can be decided here: by the settings for one like this, else by asking the broker who it is. */
    @Override
    public boolean isSameRM(XAResource other) throws XAException {
        return other instanceof RecoveryResource that ? isLike(that) : call(mine -> mine.isSameRM(other));
    }

    @Override
    public int getTransactionTimeout() {
        return 0;
    }

    /** False: no branch begins here. */
    @Override
    public boolean setTransactionTimeout(int seconds) {
        return false;
    }

    // ---- work, which it does not do

    @Override
    public void start(Xid xid, int flags) throws XAException {
        throw recoversOnly();
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        throw recoversOnly();
    }

    private static XAException recoversOnly() {
        return error(XAException.XAER_PROTO, "this resource recovers; no work is done in it", null);
    }

    // ---- the connection

    /** Ends the scan, if there is one. */
    synchronized void close() {
        scanning = false;
        ConnectionLink last = link;
        link = null;
        if (last == null) {
            return;
        }
        try {
            last.close();
        } catch (JMSException | JMSRuntimeException gone) {
            LOG.debug("the connection for recovery did not close in order: {}", gone.getMessage());
        }
    }

    private synchronized <T> T call(Step<T> step) throws XAException {
        try {
            return step.on(resource());
        } finally {
            if (!scanning) {
                close();
            }
        }
    }

    private XAResource resource() throws XAException {
        if (link != null && link.connection().isLost()) {
            boolean inScan = scanning;
            close();
            scanning = inScan;
        }
        try {
            if (link == null) {
                link = ConnectionLink.open(url, new Credentials(url.user(), url.password()));
            }
            return link.global().getXAResource();
        } catch (JMSException | JMSRuntimeException away) {
            throw error(XAException.XAER_RMFAIL, "no connection for recovery: " + away.getMessage(), away);
        }
    }

    private static XAException error(int code, String text, Exception cause) {
        XAException error = new XAException(text);
        error.errorCode = code;
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }

    /** One call of the client's resource. */
    private interface Step<T> {
        T on(XAResource resource) throws XAException;
    }
}
