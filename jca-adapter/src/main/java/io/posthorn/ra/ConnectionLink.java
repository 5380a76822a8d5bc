package io.posthorn.ra;

import io.posthorn.jms.PosthornSession;
import io.posthorn.jms.PosthornXAConnection;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.jms.PosthornXASession;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/**
 * The physical connection below a managed connection, with at most two sessions, made when they are first needed. Called under the rules of its
 * managed connection: by the container, or by the one thread that uses a handle.
 *
 * <p>The global session works in the container's global transactions, and acknowledges by itself outside of them. It is kept from one user
 * of the pool to the next, so that opening a session costs nothing. The local session is that of local transactions, and is kept until {@link #reset}, so
 * that it can be used in the next one (Jakarta Messaging 3.1, 12.3).
 */
final class ConnectionLink {

    private final PosthornXAConnection connection;
    private PosthornXASession global;
    private PosthornSession local;

    private ConnectionLink(PosthornXAConnection connection) {
        this.connection = connection;
    }

    /** On the thread of the application that needs it first, of which the connection, which outlives it in the pool, keeps nothing. */
    static ConnectionLink open(ClientUrl url, Credentials credentials) throws JMSException {
        PosthornXAConnectionFactory factory = new PosthornXAConnectionFactory(url.url());
        return new ConnectionLink(DetachedThreads.begin(() -> credentials.user() == null
                ? factory.createXAConnection()
                : factory.createXAConnection(credentials.user(), credentials.password())));
    }

    PosthornXAConnection connection() {
        return connection;
    }

    synchronized PosthornXASession global() throws JMSException {
        if (global == null) {
            global = connection.createXASession();
        }
        return global;
    }

    synchronized PosthornSession local() throws JMSException {
        if (local == null) {
            local = (PosthornSession) connection.createSession(true, Session.SESSION_TRANSACTED);
        }
        return local;
    }

    /** Whether a global transaction has begun and not ended on it. */
    synchronized boolean inBranch() {
        return global != null && global.inBranch();
    }

    /** Ends the local transaction with success; does nothing when no session took part. */
    synchronized void commit() throws JMSException {
        if (local != null) {
            local.commit();
        }
    }

    /** Drops what the local session has done; does nothing when there is none. */
    synchronized void rollback() throws JMSException {
        if (local != null) {
            local.rollback();
        }
    }

    /** Ends what is not committed, and stops delivery: as good as new. */
    synchronized void reset() throws JMSException {
        if (local != null) {
            local.close();
            local = null;
        }
        if (inBranch()) {
            global.close();
            global = null;
        }
        connection.stop();
    }

    /** Ends the connection with all its sessions. */
    void close() throws JMSException {
        connection.close();
    }
}
