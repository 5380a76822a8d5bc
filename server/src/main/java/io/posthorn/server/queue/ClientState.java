package io.posthorn.server.queue;

/** One connected client. Belongs to the heart's thread. */
public final class ClientState {

    private final long connectionId;
    private final long token;
    private String clientId;
    private boolean resumed;
    private Object attachment;

    ClientState(long connectionId, long token) {
        this.connectionId = connectionId;
        this.token = token;
    }

    public long connectionId() {
        return connectionId;
    }

    /** Resume token. */
    public long token() {
        return token;
    }

    /** Client identifier, or null. */
    public String clientId() {
        return clientId;
    }

    void clientId(String value) {
        clientId = value;
    }

    /** Whether it took over the state of an earlier connection. */
    public boolean resumed() {
        return resumed;
    }

    void markResumed() {
        resumed = true;
    }

    /** The broker's own object, or null. */
    public Object attachment() {
        return attachment;
    }

    public void attach(Object value) {
        attachment = value;
    }
}
