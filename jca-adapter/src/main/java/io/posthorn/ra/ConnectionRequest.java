package io.posthorn.ra;

import jakarta.resource.spi.ConnectionRequestInfo;

/**
 * What an application asks a connection factory for; travels through the container's connection manager. Acknowledge modes are not in it,
 * because they do not decide which connection fits.
 *
 * @param kind which API the connection serves
 * @param user null when the application names none
 * @param password null when there is none
 * @param managed whether a container's connection manager stands between, which brings the restrictions of Jakarta Messaging 3.1, 12.2
 */
record ConnectionRequest(Kind kind, String user, String password, boolean managed) implements ConnectionRequestInfo {

    /** The API; JMS offers no way to turn a connection of one into the other. */
    enum Kind {
        CONNECTION,
        CONTEXT
    }

    /** Also for containers that ask without one, to fill a pool. */
    static ConnectionRequest of(ConnectionRequestInfo info) {
        return info instanceof ConnectionRequest request
                ? request
                : new ConnectionRequest(Kind.CONNECTION, null, null, true);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "ConnectionRequest[" + kind + ", user " + user + "]";
    }
}
