package io.posthorn.ra;

import jakarta.resource.spi.ConnectionRequestInfo;

/**
 * What decides which managed connections fit an application's request; travels through the container's connection manager. Neither the API
 * nor the acknowledge mode is in it: a connection serves them all, so whatever one transaction uses is one resource.
 *
 * @param user null when the application names none
 * @param password null when there is none
 */
record ConnectionRequest(String user, String password) implements ConnectionRequestInfo {

    private static final ConnectionRequest DEFAULT = new ConnectionRequest(null, null);

    /** Also for containers that ask without one, to fill a pool or to recover. */
    static ConnectionRequest of(ConnectionRequestInfo info) {
        return info instanceof ConnectionRequest request ? request : DEFAULT;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "ConnectionRequest[user " + user + "]";
    }
}
