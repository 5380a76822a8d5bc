package io.posthorn.server.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Connected and lost clients, by resume token and client identifier. */
final class ClientTable {

    private final LongMap<ClientState> byToken = new LongMap<>();
    private final Map<String, ClientState> byClientId = new HashMap<>();
    /** Those with something reserved that ends some time, in order of loss. */
    private final List<ClientState> reserving = new ArrayList<>();

    ClientState byToken(long token) {
        return byToken.get(token);
    }

    /** Who holds a client identifier, connected or reserved; null when it is free. */
    ClientState holder(String clientId) {
        return byClientId.get(clientId);
    }

    void add(ClientState client) {
        byToken.put(client.token(), client);
    }

    void claim(ClientState client, String clientId) {
        client.clientId = clientId;
        byClientId.put(clientId, client);
    }

    /** From now on an earlier token leads to it as well. */
    void resumedWith(ClientState client, long token) {
        client.resumedWith = token;
        byToken.put(token, client);
    }

    void remove(ClientState client) {
        byToken.remove(client.token());
        if (client.resumedWith != 0) {
            byToken.remove(client.resumedWith);
        }
        reserving.remove(client);
        if (client.clientId != null) {
            byClientId.remove(client.clientId, client);
        }
    }

    void reserve(ClientState client, long untilMs) {
        client.reservedUntilMs = untilMs;
        if (!reserving.contains(client)) {
            reserving.add(client);
        }
    }

    void endReservation(ClientState client) {
        client.reservedUntilMs = Long.MAX_VALUE;
        reserving.remove(client);
    }

    /** Those whose time is up; a copy. */
    List<ClientState> overdue(long now) {
        List<ClientState> due = new ArrayList<>(0);
        for (ClientState client : reserving) {
            if (client.reservedUntilMs <= now) {
                due.add(client);
            }
        }
        return due;
    }

    long nextMs() {
        long next = Long.MAX_VALUE;
        for (ClientState client : reserving) {
            next = Math.min(next, client.reservedUntilMs);
        }
        return next;
    }
}
