package io.posthorn.jms;

import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.SendCallback;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.StreamMessage;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The asynchronous sends of one session: calls their completion listeners on a thread of its own, one at a time and in the order
 * of the sends (Jakarta Messaging 3.1, 7.3.8), whatever order the broker answers in.
 *
 * <p>The thread starts with the first asynchronous send and ends with {@link #close}. What a listener throws is logged.
 */
final class CompletionDispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(CompletionDispatcher.class);

    private final String threadName;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // In the order of the sends; the head leaves after its callback has returned.
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private Thread thread;
    private boolean closed;

    CompletionDispatcher(String threadName) {
        this.threadName = threadName;
    }

    /** A send that its caller does not wait for. */
    final class Pending implements SendCallback {

        private final Message message;
        private final CompletionListener listener;
        private final Transaction transaction;
        private final Object sender;
        private boolean done;
        private ProviderException failure;

        private Pending(Message message, CompletionListener listener, Transaction transaction, Object sender) {
            this.message = message;
            this.listener = listener;
            this.transaction = transaction;
            this.sender = sender;
        }

        @Override
        public void done(ProviderException reason) {
            if (transaction != null) {
                transaction.done(reason);
            }
            lock.lock();
            try {
                done = true;
                failure = reason;
                if (pending.peek() == this) {
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Takes the next place in the order. The caller passes the result to the provider, or to {@link #withdraw} when it cannot.
     *
     * @param transaction the one it belongs to, or null
     * @param sender the producer, see {@link #isPendingOf}
     */
    Pending begin(Message message, CompletionListener listener, Transaction transaction, Object sender) {
        Pending next = new Pending(message, listener, transaction, sender);
        lock.lock();
        try {
            pending.add(next);
            if (thread == null) {
                thread = new Thread(this::run, threadName);
                thread.setDaemon(true);
                thread.start();
            }
        } finally {
            lock.unlock();
        }
        return next;
    }

    /** The send was not accepted and its caller has been told: no callback. */
    void withdraw(Pending refused) {
        lock.lock();
        try {
            pending.remove(refused);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the caller is inside one of this session's completion listeners. */
    boolean isCallbackThread() {
        return Thread.currentThread() == thread;
    }

    /** Whether a send of this producer is incomplete, or its callback has not returned. */
    boolean isPendingOf(Object sender) {
        lock.lock();
        try {
            for (Pending each : pending) {
                if (each.sender == sender) {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every send begun so far is complete and its callback has returned. Not from a callback. */
    void awaitIdle() {
        lock.lock();
        try {
            while (!pending.isEmpty()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread. After {@link #awaitIdle()}. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Pending head = next();
        while (head != null) {
            call(head);
            lock.lock();
            try {
                pending.remove(head);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            head = next();
        }
    }

    private Pending next() {
        lock.lock();
        try {
            while (true) {
                Pending head = pending.peek();
                if (head != null && head.done) {
                    return head;
                }
                if (head == null && closed) {
                    return null;
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Bytes and streams are given to the listener ready for reading (7.3.6), those of other providers too. */
    private static void reset(Message message) throws JMSException {
        if (message instanceof PosthornMessage ours) {
            ours.resetForCompletion();
        } else if (message instanceof BytesMessage bytes) {
            bytes.reset();
        } else if (message instanceof StreamMessage stream) {
            stream.reset();
        }
    }

    private static void call(Pending send) {
        try {
            reset(send.message);
            if (send.failure == null) {
                send.listener.onCompletion(send.message);
            } else {
                send.listener.onException(send.message, Failures.toJms(send.failure));
            }
        } catch (JMSException | RuntimeException | Error fault) {
            LOG.warn("completion listener {} has thrown", send.listener, fault);
        }
    }
}
