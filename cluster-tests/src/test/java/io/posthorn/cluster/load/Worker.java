package io.posthorn.cluster.load;

import io.posthorn.cluster.history.History;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One client with a connection and a session of its own, on a thread of its own. A JMSException, which means that the client could not
 * mend something, makes it begin anew with another connection and session.
 */
abstract class Worker implements Runnable {

    /** The property in which each message has its name. */
    static final String NAME = "name";

    private static final long ANEW_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String name;
    private final ConnectionFactory factory;
    final History history;
    private int sessions;
    private volatile boolean ending;
    private volatile Throwable failure;
    private volatile Exception lastProblem;

    Worker(String name, ConnectionFactory factory, History history) {
        this.name = name;
        this.factory = factory;
        this.history = history;
    }

    final String name() {
        return name;
    }

    /** The name of the present session, unique in the history. */
    final String session() {
        return name + "/" + sessions;
    }

    /** What it is to do comes to an end. Any thread. */
    final void end() {
        ending = true;
    }

    /** Why it gave up, or null. Any thread. */
    final Throwable failure() {
        return failure;
    }

    /** What it could not mend last, or null. Any thread. */
    final Exception lastProblem() {
        return lastProblem;
    }

    final boolean isEnding() {
        return ending;
    }

    @Override
    public final void run() {
        try {
            boolean done = false;
            while (!done) {
                sessions++;
                done = runSession();
            }
        } catch (RuntimeException | Error unexpected) {
            failure = unexpected;
        }
    }

    private boolean runSession() {
        boolean done = false;
        try (Connection connection = factory.createConnection()) {
            prepare(connection);
            connection.start();
            try (Session session = connection.createSession(mode())) {
                work(session);
                done = true;
            }
        } catch (JMSException problem) {
            lastProblem = problem;
            System.out.println(session() + " at " + history.size() + " begins anew: " + problem);
            LockSupport.parkNanos(ANEW_PAUSE_NS);
        }
        return done;
    }

    /** Before the connection is started. */
    void prepare(Connection connection) throws JMSException {
        // Most need nothing.
    }

    /** The session mode. */
    abstract int mode();

    /** Works until {@link #isEnding} and everything is done; an exception begins the session anew. */
    abstract void work(Session session) throws JMSException;
}
