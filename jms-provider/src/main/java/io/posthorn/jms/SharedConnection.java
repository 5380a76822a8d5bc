package io.posthorn.jms;

import jakarta.jms.JMSException;

/** A connection that several contexts share: it closes with the last of them (Jakarta Messaging 3.1, 6.1.8). Any thread. */
final class SharedConnection {

    private final PosthornConnection connection;
    private int contexts;

    SharedConnection(PosthornConnection connection) {
        this.connection = connection;
    }

    PosthornConnection connection() {
        return connection;
    }

    synchronized void join() {
        contexts++;
    }

    /** One context is closed. */
    void leave() throws JMSException {
        boolean last;
        synchronized (this) {
            last = --contexts == 0;
        }
        if (last) {
            connection.close();
        }
    }
}
