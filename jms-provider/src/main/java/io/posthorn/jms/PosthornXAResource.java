package io.posthorn.jms;

import io.posthorn.message.BranchId;
import io.posthorn.provider.BranchReply;
import io.posthorn.provider.BranchWork;
import io.posthorn.provider.Branches;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.Settle;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a transaction manager moves an XA session with (Jakarta Messaging 3.1, 11.3.5; the contract is that of JTA). A session works in one
 * branch at a time; the broker keeps the branches, so that others may join, and anybody may finish what is prepared.
 *
 * <p>Any thread may call it; start and end exclude each other. Failures are XAExceptions whose text says more than the code. When the
 * connection is lost, calls wait until it is mended; XAER_RMFAIL says that it was not, or that no answer came in time.
 */
final class PosthornXAResource implements XAResource {

    private static final Logger LOG = LoggerFactory.getLogger(PosthornXAResource.class);

    /** Branches of which it is remembered what this session did in them; more are open at a time only by mistake. */
    private static final int REMEMBERED_MAX = 256;

    /** How long an end or a rollback waits for a listener or receive() that is under way, to keep the order of what goes back. */
    private static final long TURN_WAIT_MS = 1_000;

    private final Provider provider;
    private final Branches branches;
    private final ProducerHandle producer;
    private final DeliveryGate gate;
    private final SessionConsumers consumers;
    private final HeldAcknowledgement held;
    private final CompletionDispatcher completions;

    /** The sends of the branch that the session works in; null outside one. */
    private volatile Transaction current;

    private volatile int timeoutSeconds;

    // Under this object's monitor.
    private BranchId active;
    private BranchWork activeWork;
    private boolean closed;
    private final Map<BranchId, BranchWork> suspended = new HashMap<>();

    // Under its own monitor.
    private final Map<BranchId, BranchWork> worked = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BranchId, BranchWork> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    private volatile boolean scanning;

    PosthornXAResource(
            Provider provider,
            ProducerHandle producer,
            DeliveryGate gate,
            SessionConsumers consumers,
            HeldAcknowledgement held,
            CompletionDispatcher completions) {
        this.provider = provider;
        this.branches = provider.branches();
        this.producer = producer;
        this.gate = gate;
        this.consumers = consumers;
        this.held = held;
        this.completions = completions;
    }

    /** The sends of the branch that the session works in; null outside one. Any thread. */
    Transaction current() {
        return current;
    }

    // ---- association

    @Override
    public synchronized void start(Xid xid, int flags) throws XAException {
        BranchId branch = branch(xid);
        Branches.Start how = switch (flags) {
            case TMNOFLAGS -> Branches.Start.NEW;
            case TMJOIN -> Branches.Start.JOIN;
            case TMRESUME -> Branches.Start.RESUME;
            default -> throw error(XAException.XAER_INVAL, "start takes TMNOFLAGS, TMJOIN or TMRESUME, not " + flags);
        };
        if (closed) {
            throw error(XAException.XAER_RMFAIL, "the session is closed");
        }
        if (active != null) {
            throw error(XAException.XAER_PROTO, "the session works in " + active);
        }
        if (how == Branches.Start.RESUME && !suspended.containsKey(branch)) {
            throw error(XAException.XAER_NOTA, "the session has not suspended its work in " + branch);
        }
        BranchWork work = branches.work(producer);
        require(await(branches.start(work, branch, how, TimeUnit.SECONDS.toMillis(timeoutSeconds))));
        suspended.remove(branch);
        synchronized (worked) {
            worked.put(branch, work);
        }
        active = branch;
        activeWork = work;
        gate.branchGroups(new BranchGroups());
        current = new Transaction();
    }

    @Override
    public synchronized void end(Xid xid, int flags) throws XAException {
        BranchId branch = branch(xid);
        Branches.End how = switch (flags) {
            case TMSUCCESS -> Branches.End.SUCCESS;
            case TMFAIL -> Branches.End.FAIL;
            case TMSUSPEND -> Branches.End.SUSPEND;
            default -> throw error(XAException.XAER_INVAL, "end takes TMSUCCESS, TMFAIL or TMSUSPEND, not " + flags);
        };
        if (branch.equals(active)) {
            if (completions.isCallbackThread()) {
                throw error(XAException.XAER_PROTO, "not in a completion listener of the same session");
            }
            completions.awaitIdle();
            endActive(how);
        } else if (suspended.containsKey(branch) && how != Branches.End.SUSPEND) {
            require(await(branches.endSuspended(suspended.remove(branch), branch, how)));
        } else {
            throw error(XAException.XAER_PROTO, "the session does not work in " + branch);
        }
    }

    private void endActive(Branches.End asked) throws XAException {
        boolean turn = takeTurn();
        try {
            endActive(asked, turn);
        } finally {
            if (turn) {
                gate.turn.unlock();
            }
        }
    }

    /** @param turn whether no listener or receive() is under way: if one is, what it takes next may be what should have gone back */
    private void endActive(Branches.End asked, boolean turn) throws XAException {
        BranchId branch = active;
        BranchWork work = activeWork;
        ProviderException failure = current.failure();
        Branches.End how = failure == null ? asked : Branches.End.FAIL;
        active = null;
        activeWork = null;
        current = null;
        List<DeliverySpan> consumed = new ArrayList<>();
        held.takeAll(consumed);
        BranchReply reply = leave(how, turn, () -> branches.end(work, branch, how, consumed));
        if (failure != null) {
            XAException rolledBack =
                    error(XAException.XA_RBROLLBACK, "a message of the branch was not stored: " + failure.getMessage());
            rolledBack.initCause(failure);
            throw rolledBack;
        }
        require(reply);
        if (how == Branches.End.SUSPEND) {
            suspended.put(branch, work);
        }
    }

    private BranchReply leave(Branches.End how, boolean turn, Supplier<CompletableFuture<BranchReply>> end)
            throws XAException {
        BranchGroups groups = gate.branchGroups(null);
        if (!turn) {
            return await(end.get());
        }
        if (how == Branches.End.FAIL) {
            return withoutUnread(end);
        }
        if (groups.isEmpty()) {
            return await(end.get());
        }
        try {
            return consumers.withoutGroups(groups, end);
        } catch (JMSException failed) {
            throw failure(failed);
        }
    }

    /** Leaves the work of a closing session in its branch, as if it were suspended. */
    synchronized void sessionClosed() {
        closed = true;
        if (active == null) {
            return;
        }
        BranchId branch = active;
        try {
            endActive(Branches.End.SUSPEND);
        } catch (XAException failed) {
            LOG.info("close: the work in {} is rolled back: {}", branch, failed.getMessage());
        }
    }

    // ---- decision

    @Override
    public int prepare(Xid xid) throws XAException {
        BranchId branch = branch(xid);
        BranchReply reply = await(branches.prepare(branch));
        if (reply.code() == XA_RDONLY) {
            forgetWork(branch);
            return XA_RDONLY;
        }
        require(reply);
        return XA_OK;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        BranchId branch = branch(xid);
        BranchWork own;
        synchronized (worked) {
            own = worked.get(branch);
        }
        require(await(branches.commit(branch, onePhase, own)));
        forgetWork(branch);
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        BranchId branch = branch(xid);
        boolean turn = takeTurn();
        try {
            require(turn ? withoutUnread(() -> branches.rollback(branch)) : await(branches.rollback(branch)));
        } finally {
            if (turn) {
                gate.turn.unlock();
            }
        }
        forgetWork(branch);
    }

    @Override
    public void forget(Xid xid) throws XAException {
        BranchId branch = branch(xid);
        require(await(branches.forget(branch)));
        forgetWork(branch);
    }

    /** All of them at the start of a scan, none afterwards. */
    @Override
    public Xid[] recover(int flags) throws XAException {
        boolean starts = (flags & TMSTARTRSCAN) != 0;
        boolean ends = (flags & TMENDRSCAN) != 0;
        if ((flags & ~(TMSTARTRSCAN | TMENDRSCAN)) != 0 || !starts && !ends && !scanning) {
            throw error(XAException.XAER_INVAL, "recover begins with TMSTARTRSCAN; flags are " + flags);
        }
        scanning = (scanning || starts) && !ends;
        if (!starts) {
            return new Xid[0];
        }
        List<BranchId> found = await(branches.recover());
        return found.stream().map(PosthornXid::new).toArray(Xid[]::new);
    }

    // ---- the resource manager

    /** Whether both lead to the same broker, so that one may join branches of the other. */
    @Override
    public boolean isSameRM(XAResource other) {
        return other instanceof PosthornXAResource that
                && (that == this || that.branches.resourceId().equals(branches.resourceId()));
    }

    /** Seconds; 0 when branches begun here are not limited by the broker. */
    @Override
    public int getTransactionTimeout() {
        return timeoutSeconds;
    }

    /** For branches begun from now on: the broker rolls back one that is not prepared by then. 0 = no limit, the default. */
    @Override
    public boolean setTransactionTimeout(int seconds) throws XAException {
        if (seconds < 0) {
            throw error(XAException.XAER_INVAL, "a time-out of " + seconds + " s");
        }
        timeoutSeconds = seconds;
        return true;
    }

    private void forgetWork(BranchId branch) {
        synchronized (worked) {
            worked.remove(branch);
        }
    }

    /** Gives unread messages back first, so that what the step gives back comes before them. With the turn. */
    private BranchReply withoutUnread(Supplier<CompletableFuture<BranchReply>> step) throws XAException {
        try {
            List<DeliverySpan> unread = new ArrayList<>();
            consumers.halt(unread);
            if (!unread.isEmpty()) {
                provider.acknowledge(Settle.RELEASE, unread, false);
            }
            return await(step.get());
        } finally {
            consumers.resume();
        }
    }

    private boolean takeTurn() {
        try {
            return gate.turn.tryLock(TURN_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return gate.turn.tryLock();
        }
    }

    private static <T> T await(CompletableFuture<T> answer) throws XAException {
        try {
            return Waits.await(answer);
        } catch (JMSException failed) {
            throw failure(failed);
        }
    }

    private static XAException failure(JMSException failed) {
        ProviderException.Kind kind = failed.getLinkedException() instanceof ProviderException known
                ? known.kind()
                : ProviderException.Kind.INTERNAL;
        int code = switch (kind) {
            case CONNECTION, CLOSED, TIMEOUT, SECURITY, IN_DOUBT -> XAException.XAER_RMFAIL;
            default -> XAException.XAER_RMERR;
        };
        XAException result = error(code, failed.getMessage());
        result.initCause(failed);
        return result;
    }

    private static void require(BranchReply reply) throws XAException {
        if (reply.code() != XA_OK) {
            throw error(reply.code(), reply.text());
        }
    }

    private static BranchId branch(Xid xid) throws XAException {
        if (xid == null) {
            throw error(XAException.XAER_INVAL, "no Xid");
        }
        if (xid instanceof PosthornXid ours) {
            return ours.branch();
        }
        try {
            return new BranchId(xid.getFormatId(), xid.getGlobalTransactionId(), xid.getBranchQualifier());
        } catch (IllegalArgumentException illegal) {
            throw error(XAException.XAER_INVAL, illegal.getMessage());
        }
    }

    private static XAException error(int code, String text) {
        XAException error = new XAException(text);
        error.errorCode = code;
        return error;
    }
}
