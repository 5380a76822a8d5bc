package io.posthorn.provider.remote;

import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ProducerCloseRequest;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.SendCallback;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One sending session: its numbers, and its sends and transaction ends that are not answered, in order.
 *
 * <p>Application threads write straight to the link under this object's lock; while there is none, calls wait in the queue.
 * The event loop takes answers, and takes the link away and gives a new one.
 */
final class RemoteProducer implements ProducerHandle {

    private final long producerId;
    private final Loop loop;
    private final SendWindow storedWindow;
    private final SendWindow fleetingWindow;
    private final Consumer<RemoteProducer> onEnd;
    private final AtomicLong messageNumber = new AtomicLong();
    /** Takes sends that belong to another broker group; null while there is only one. */
    private volatile Misplaced misplaced;

    // Guarded by this.
    private final Deque<ProducerCall> calls = new ArrayDeque<>();
    private BrokerLink link;
    private long lastSequence;
    private Transaction transaction = new Transaction(1);
    private boolean closing;
    private ProviderException failure;
    private CompletableFuture<Void> drained;

    /**
     * @param storedWindow bounds persistent and transacted sends
     * @param fleetingWindow bounds the others
     * @param onEnd told once when the closed producer is done with everything
     */
    RemoteProducer(
            long producerId,
            Loop loop,
            SendWindow storedWindow,
            SendWindow fleetingWindow,
            Consumer<RemoteProducer> onEnd) {
        this.producerId = producerId;
        this.loop = loop;
        this.storedWindow = storedWindow;
        this.fleetingWindow = fleetingWindow;
        this.onEnd = onEnd;
    }

    /** What a handle stands for where there is one broker group. */
    static RemoteProducer of(ProducerHandle handle) {
        return handle instanceof RemoteProducer remote ? remote : ((ClusterProducer) handle).home();
    }

    /** What becomes of a send that the broker has refused because its destination lies elsewhere. */
    interface Misplaced {

        /** On the event loop; must not block. */
        void resend(EncodedMessage message, SendCallback callback, ProviderException refusal);

        /**
         * Whether a send that waits for a group which cannot be reached, and that no broker has seen, is to be resent. On the event loop, under
         * the producer's lock; must not block.
         */
        boolean goesElsewhere(EncodedMessage message);
    }

    /** Once, before the first send. */
    void misplaced(Misplaced handler) {
        misplaced = handler;
    }

    /** The outcome of a send outside a transaction. */
    void sent(EncodedMessage message, SendCallback callback, ProviderException failure) {
        Misplaced handler = misplaced;
        if (failure != null && failure.kind() == Kind.NOT_PLACED && handler != null) {
            handler.resend(message, callback, failure);
        } else {
            callback.done(failure);
        }
    }

    /** Whether the current transaction has sends. */
    synchronized boolean hasStaged() {
        return transaction.staged() > 0;
    }

    @Override
    public long producerId() {
        return producerId;
    }

    @Override
    public long nextMessageNumber() {
        return messageNumber.incrementAndGet();
    }

    /** The link at birth, unless {@link #attach} was faster. */
    synchronized void attachFirst(BrokerLink present) {
        if (link == null) {
            link = present;
        }
    }

    void send(EncodedMessage message, boolean transacted, SendCallback callback) {
        boolean stored = transacted || message.persistent();
        SendWindow window = stored ? storedWindow : fleetingWindow;
        ProviderException refusal = enter(window, message.size());
        if (refusal == null) {
            synchronized (this) {
                refusal = failure;
                if (refusal == null && !(transacted && transaction.isLost())) {
                    Transaction within = transacted ? transaction : null;
                    if (transacted) {
                        transaction.stage();
                    }
                    append(new PendingSend(this, stored ? ++lastSequence : 0, within, message, window, callback));
                    return;
                }
            }
            window.release(message.size());
        }
        // Refused, or part of a transaction that is rolled back already: then the commit will say so.
        ProviderException outcome = refusal;
        loop.execute(() -> callback.done(outcome));
    }

    /**
     * Ends the current transaction and begins the next one.
     *
     * @param decision what a commit decides for other broker groups, or null
     */
    CompletableFuture<Void> end(boolean commit, List<DeliverySpan> consumed, TransactionEnd.Decision decision) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        synchronized (this) {
            if (failure == null) {
                Transaction ending = transaction;
                transaction = new Transaction(ending.sequence() + 1);
                append(new TransactionEnd(this, ending, commit, consumed, decision, future));
                return future;
            }
        }
        future.completeExceptionally(failure);
        return future;
    }

    /** The transaction that takes the transacted sends. */
    synchronized Transaction transaction() {
        return transaction;
    }

    /** Ends the work in a branch; the current transaction is a new one afterwards. */
    void end(BranchWorkEnd end) {
        ProviderException ended;
        synchronized (this) {
            ended = failure;
            if (ended == null) {
                if (transaction == end.transaction) {
                    transaction = new Transaction(transaction.sequence() + 1);
                }
                append(end);
                return;
            }
        }
        end.future().completeExceptionally(ended);
    }

    /** The session has ended: says so to the broker after the last answer, and then to the owner. */
    void close() {
        boolean ended;
        synchronized (this) {
            closing = true;
            ended = endIfDone();
        }
        if (ended) {
            onEnd.accept(this);
        }
    }

    /** A call has its outcome. @return false if it had one before */
    boolean settled(ProducerCall call) {
        boolean ended;
        synchronized (this) {
            if (!call.settle()) {
                return false;
            }
            ended = sweep();
        }
        if (ended) {
            onEnd.accept(this);
        }
        return true;
    }

    void rollBackInstead(TransactionEnd end, ProviderException reason) {
        synchronized (this) {
            end.becomeRollback(reason);
            if (link != null) {
                end.write(link);
            }
        }
    }

    /** The link is lost. */
    void detach() {
        List<ProducerCall> abandoned = new ArrayList<>();
        synchronized (this) {
            link = null;
            // What was staged is dropped by the broker with the link.
            if (transaction.isTouched()) {
                transaction.lose();
            }
            for (ProducerCall call : calls) {
                if (!call.isSettled() && !call.survivesLoss()) {
                    call.settle();
                    abandoned.add(call);
                }
            }
            sweep();
        }
        abandoned.forEach(ProducerCall::abandoned);
    }

    /** The group cannot be reached: sends that were never written go to others, where their destinations have any. Event loop. */
    void sendElsewhere(ProviderException reason) {
        Misplaced handler = misplaced;
        if (handler == null) {
            return;
        }
        List<PendingSend> leaving = new ArrayList<>();
        synchronized (this) {
            for (ProducerCall call : calls) {
                if (call instanceof PendingSend send
                        && send.mayGoElsewhere()
                        && handler.goesElsewhere(send.message())) {
                    leaving.add(send);
                }
            }
        }
        // In the order in which they were made.
        leaving.forEach(send -> send.leave(handler, reason));
    }

    /** Transaction ends whose outcome has to be asked for before anything is repeated. */
    synchronized List<TransactionEnd> inDoubt() {
        List<TransactionEnd> list = new ArrayList<>();
        for (ProducerCall call : calls) {
            if (!call.isSettled() && call instanceof TransactionEnd end && end.isInDoubt()) {
                list.add(end);
            }
        }
        return list;
    }

    /** A new link: repeats what is unanswered and writes what has waited, in the order of the calls. */
    void attach(BrokerLink next) {
        boolean ended;
        synchronized (this) {
            for (ProducerCall call : calls) {
                if (!call.isSettled()) {
                    call.write(next);
                }
            }
            link = next;
            ended = endIfDone();
        }
        if (ended) {
            onEnd.accept(this);
        }
    }

    /** Everything fails from now on. */
    void fail(ProviderException reason) {
        List<ProducerCall> failing;
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = reason;
            failing = new ArrayList<>(calls);
        }
        for (ProducerCall call : failing) {
            if (call instanceof TransactionEnd end) {
                end.unresolved(reason);
            } else {
                call.done(reason, null);
            }
        }
    }

    /** Completes when nothing is unanswered, at the latest when everything fails. */
    synchronized CompletableFuture<Void> drained() {
        if (drained == null) {
            drained = new CompletableFuture<>();
        }
        if (calls.isEmpty()) {
            drained.complete(null);
        }
        return drained;
    }

    private ProviderException enter(SendWindow window, int size) {
        try {
            if (loop.isCurrentThread()) {
                window.acquireAtOnce(size);
            } else {
                window.acquire(size);
            }
            return null;
        } catch (ProviderException ended) {
            return ended;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new ProviderException(Kind.RESOURCE, "interrupted while too many sends were unanswered");
        }
    }

    private void append(ProducerCall call) {
        calls.addLast(call);
        if (link != null) {
            call.write(link);
        }
    }

    /** Takes settled calls off the head. @return whether the producer has thereby ended */
    private boolean sweep() {
        while (!calls.isEmpty() && calls.peekFirst().isSettled()) {
            calls.pollFirst();
        }
        if (calls.isEmpty() && drained != null) {
            drained.complete(null);
        }
        return endIfDone();
    }

    private boolean endIfDone() {
        if (!closing || !calls.isEmpty() || link == null) {
            return false;
        }
        closing = false;
        link.oneWay(RequestCode.PRODUCER_CLOSE, 8, new ProducerCloseRequest(producerId)::encode);
        return true;
    }
}
