package io.posthorn.server.replication;

import io.posthorn.provider.remote.DirectLink;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * As whom a broker logs in at the others of its group.
 *
 * @param user     null = nobody in particular
 * @param password null without a user
 */
public record ReplicationLogin(String user, String password) {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** A connection to another broker. */
    DirectLink open(InetSocketAddress broker) {
        return DirectLink.open(broker, user, password, "posthorn-replica", TIMEOUT);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user == null ? "nobody" : user;
    }
}
