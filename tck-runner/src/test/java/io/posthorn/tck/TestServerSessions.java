package io.posthorn.tck;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageListener;
import jakarta.jms.ServerSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** What an application server has: sessions with a listener each, run on threads of its own, and handed out one by one. */
final class TestServerSessions implements ServerSessionPool, AutoCloseable {

    /** A listener that may know its session. */
    @FunctionalInterface
    interface Bean {

        void onMessage(Session session, jakarta.jms.Message message) throws JMSException;
    }

    final List<Session> sessions = new ArrayList<>();
    /** How many messages each run has brought. */
    final List<Integer> runs = Collections.synchronizedList(new ArrayList<>());
    /** Which threads have asked for a server session, and started one. */
    final Set<String> callers = ConcurrentHashMap.newKeySet();

    private final LinkedBlockingQueue<ServerSession> free = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    TestServerSessions(Connection connection, int size, int mode, Bean bean) throws JMSException {
        for (int i = 0; i < size; i++) {
            Session session = connection.createSession(mode);
            sessions.add(session);
            int[] seen = new int[1];
            MessageListener listener = message -> {
                seen[0]++;
                try {
                    bean.onMessage(session, message);
                } catch (JMSException broken) {
                    throw new IllegalStateException(broken);
                }
            };
            session.setMessageListener(listener);
            free.add(new Server(session, seen));
        }
    }

    @Override
    public ServerSession getServerSession() throws JMSException {
        callers.add(Thread.currentThread().getName());
        try {
            return free.take();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new JMSException("interrupted");
        }
    }

    int idle() {
        return free.size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private final class Server implements ServerSession {

        private final Session session;
        private final int[] seen;

        Server(Session session, int[] seen) {
            this.session = session;
            this.seen = seen;
        }

        @Override
        public Session getSession() {
            return session;
        }

        @Override
        public void start() {
            callers.add(Thread.currentThread().getName());
            threads.execute(() -> {
                seen[0] = 0;
                session.run();
                runs.add(seen[0]);
                free.add(this);
            });
        }
    }
}
