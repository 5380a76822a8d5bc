package io.posthorn.server.queue;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.server.store.JournalRecord;
import java.util.ArrayList;
import java.util.List;

/** Comings and goings of clients, their identifiers and their temporary destinations. */
final class ClientVerbs {

    private final HeartState state;
    private final ConsumerVerbs consumers;
    private final TransactionVerbs transactions;
    private final BranchVerbs branches;
    private final Restating restating;
    private final Subscriptions subscriptions;
    private final BodyVerbs bodies;

    ClientVerbs(
            HeartState state,
            ConsumerVerbs consumers,
            TransactionVerbs transactions,
            BranchVerbs branches,
            Restating restating,
            Subscriptions subscriptions,
            BodyVerbs bodies) {
        this.state = state;
        this.consumers = consumers;
        this.transactions = transactions;
        this.branches = branches;
        this.restating = restating;
        this.subscriptions = subscriptions;
        this.bodies = bodies;
    }

    Outcome<ClientState> connect(long connectionId, long token, String wantedId, long resumeToken, long now) {
        ClientState earlier = resumeToken == 0 ? null : state.clients.byToken(resumeToken);
        Refusal refusal = wantedId == null ? null : checkClientId(wantedId, earlier);
        if (refusal != null) {
            return Outcome.refused(refusal);
        }
        Ledger ledger = new Ledger();
        List<JournalRecord> records = new ArrayList<>(1);
        ClientState client = new ClientState(connectionId, token);
        if (earlier != null) {
            // The old connection may look alive to the broker although its client has left it.
            lose(earlier, ledger, records, now);
            takeOver(client, earlier, now);
            state.clients.resumedWith(client, resumeToken);
        }
        String clientId = wantedId != null || earlier == null ? wantedId : earlier.clientId;
        state.clients.add(client);
        if (clientId != null) {
            state.clients.claim(client, clientId);
        }
        ledger.finish(records);
        return ledger.outcome(client);
    }

    Outcome<Void> claimClientId(ClientState client, String clientId) {
        if (client.clientId != null || !client.isOpen()) {
            return Outcome.refused(
                    RefusalKind.ILLEGAL_STATE, client + (client.isOpen() ? " has a client id already" : " is closed"));
        }
        Refusal refusal = checkClientId(clientId, client);
        if (refusal != null) {
            return Outcome.refused(refusal);
        }
        state.clients.claim(client, clientId);
        return Outcome.done();
    }

    Outcome<Void> close(ClientState client, long now) {
        if (!client.isOpen()) {
            return Outcome.done();
        }
        Ledger ledger = new Ledger();
        List<JournalRecord> records = new ArrayList<>(1);
        for (ConsumerState consumer : new ArrayList<>(client.consumers.values())) {
            consumers.close(consumer, false, records, now);
        }
        restating.releaseUnclaimed(client, records, now);
        branches.clientGone(client, ledger, records, now);
        transactions.abortAll(client, records);
        state.cluster.forget(client);
        forget(client, records);
        ledger.finish(records);
        return ledger.outcome(null);
    }

    Outcome<Void> lost(ClientState client, boolean heardOut, long now) {
        for (ConsumerState consumer : client.consumers.values()) {
            consumer.heardOut = heardOut;
        }
        List<JournalRecord> records = new ArrayList<>(1);
        Ledger ledger = new Ledger();
        lose(client, ledger, records, now);
        ledger.finish(records);
        return ledger.outcome(null);
    }

    /** Reservations whose time is up. */
    void tick(Ledger ledger, List<JournalRecord> records, long now) {
        for (ClientState client : state.clients.overdue(now)) {
            if (client.isOpen()) {
                restating.releaseUnclaimed(client, records, now);
                state.clients.endReservation(client);
            } else {
                restating.releaseLost(client, ledger, records, now);
                forget(client, records);
            }
        }
    }

    Outcome<DestinationName> createTemporary(ClientState client, boolean queue, String uniquePart) {
        if (!client.isOpen()) {
            return Outcome.refused(RefusalKind.ILLEGAL_STATE, client + " is closed");
        }
        DestinationName name = new DestinationName(
                queue ? DestinationKind.TEMPORARY_QUEUE : DestinationKind.TEMPORARY_TOPIC,
                state.config.brokerName() + "/" + uniquePart);
        if (state.destinations.find(name) != null) {
            return Outcome.refused(RefusalKind.ILLEGAL_STATE, name + " exists already");
        }
        state.destinations.createTemporary(name, client);
        client.temporaries.add(name);
        return Outcome.of(name);
    }

    Outcome<Void> restateTemporary(ClientState client, DestinationName name) {
        if (!client.isOpen()) {
            return Outcome.refused(RefusalKind.ILLEGAL_STATE, client + " is closed");
        }
        DestinationState known = state.destinations.find(name);
        if (known != null && known.owner == client) {
            return Outcome.done();
        }
        if (known != null || !name.kind().isTemporary() || !name.name().startsWith(state.config.brokerName() + "/")) {
            return Outcome.refused(
                    RefusalKind.INVALID_DESTINATION, "this connection has no temporary destination " + name);
        }
        state.destinations.createTemporary(name, client);
        client.temporaries.add(name);
        return Outcome.done();
    }

    Outcome<Void> deleteTemporary(ClientState client, DestinationName name) {
        DestinationState destination = state.destinations.find(name);
        if (destination == null || destination.owner != client) {
            return Outcome.refused(
                    RefusalKind.INVALID_DESTINATION, "this connection has no temporary destination " + name);
        }
        for (SubscriptionState subscription : destination.volatiles) {
            if (!subscription.consumers.isEmpty()) {
                return Outcome.refused(RefusalKind.DESTINATION_IN_USE, name + " still has consumers");
            }
        }
        delete(destination);
        client.temporaries.remove(name);
        return Outcome.done();
    }

    private Refusal checkClientId(String clientId, ClientState self) {
        if (clientId == null || clientId.isBlank()) {
            return new Refusal(RefusalKind.INVALID_CLIENT_ID, "a client id must not be empty");
        }
        ClientState holder = state.clients.holder(clientId);
        return holder == null || holder == self
                ? null
                : new Refusal(RefusalKind.INVALID_CLIENT_ID, "the client id '" + clientId + "' is in use by " + holder);
    }

    private void lose(ClientState client, Ledger ledger, List<JournalRecord> records, long now) {
        if (!client.isOpen()) {
            return;
        }
        client.life = ClientState.Life.LOST;
        for (ConsumerState consumer : client.consumers.values()) {
            // One that was closed before has nobody to come back for it, but its deliveries are the application's.
            consumer.replaced = consumer.closed;
            consumers.detach(consumer);
            if (consumer.mode != ConsumerMode.BROWSE) {
                consumer.subscription.reservations++;
                client.reserved.add(consumer);
            }
        }
        client.consumers.clear();
        branches.clientGone(client, ledger, records, now);
        transactions.abortAll(client, records);
        state.cluster.forget(client);
        state.clients.reserve(client, now + state.config.retention().resumeTimeoutMs());
    }

    private void takeOver(ClientState client, ClientState earlier, long now) {
        client.resumed = true;
        for (ConsumerState old : earlier.reserved) {
            client.reserved.add(old);
            if (old.subscription.owner == earlier) {
                old.subscription.owner = client;
            }
        }
        earlier.reserved.clear();
        for (DestinationName name : earlier.temporaries) {
            state.destinations.find(name).owner = client;
            client.temporaries.add(name);
        }
        earlier.temporaries.clear();
        BodyVerbs.takeOver(client, earlier);
        earlier.life = ClientState.Life.GONE;
        state.clients.remove(earlier);
        if (!client.reserved.isEmpty()) {
            state.clients.reserve(client, now + state.config.retention().resumeTimeoutMs());
        }
    }

    private void forget(ClientState client, List<JournalRecord> records) {
        bodies.abandon(client, records);
        for (DestinationName name : client.temporaries) {
            delete(state.destinations.find(name));
        }
        client.temporaries.clear();
        client.life = ClientState.Life.GONE;
        state.clients.remove(client);
    }

    private void delete(DestinationState destination) {
        for (SubscriptionState subscription : new ArrayList<>(destination.volatiles)) {
            subscriptions.kill(subscription);
        }
        state.destinations.remove(destination);
    }
}
