package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A client: one logged-in connection with its consumers, client identifier and temporary destinations; when it is lost, what is
 * reserved for it. Belongs to the heart's thread.
 */
public final class ClientState {

    /** Life of a client: OPEN → CLOSED, or OPEN → LOST → GONE (taken over, or timed out). */
    enum Life {
        OPEN,
        LOST,
        GONE
    }

    private final long connectionId;
    private final long token;
    private Object attachment;
    private boolean takesReferences;

    Life life = Life.OPEN;
    String clientId;
    boolean resumed;
    /** Open consumers, and closed ones that still hold deliveries, by id. */
    final Map<Integer, ConsumerState> consumers = new LinkedHashMap<>();
    /** Consumers of an earlier, lost connection of this client, until they are replaced or time is up. */
    final List<ConsumerState> reserved = new ArrayList<>(0);

    /** Large bodies it is sending, by their numbers. */
    final Map<Long, Upload> uploads = new LinkedHashMap<>(0);

    final Set<DestinationName> temporaries = new LinkedHashSet<>();
    /** When reservations end; meaningful while there are any, or while lost. */
    long reservedUntilMs = Long.MAX_VALUE;

    ClientState(long connectionId, long token) {
        this.connectionId = connectionId;
        this.token = token;
    }

    public long connectionId() {
        return connectionId;
    }

    /**
     * The token with which it took over what an earlier connection had left; 0 = none. It goes on leading here: the answer with the new token
     * may be lost, and then the client knows none but this one.
     */
    long resumedWith;

    /** Resume token. */
    public long token() {
        return token;
    }

    /** JMS client identifier, or null. */
    public String clientId() {
        return clientId;
    }

    /** Whether it took over the state of an earlier connection. */
    public boolean resumed() {
        return resumed;
    }

    /** The broker's own object, or null. */
    public Object attachment() {
        return attachment;
    }

    public void attach(Object value) {
        attachment = value;
    }

    /** From now on it may be told where the body of a message is, instead of being given it. */
    public void takeReferences() {
        takesReferences = true;
    }

    boolean takesReferences() {
        return takesReferences;
    }

    boolean isOpen() {
        return life == Life.OPEN;
    }

    @Override
    public String toString() {
        return "connection " + connectionId + (clientId == null ? "" : " (client id " + clientId + ")");
    }
}
