package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import java.util.ArrayList;
import java.util.List;

/** Sends outside a transaction: checks, dedup, recipients, and the choice between journal and memory. */
final class SendVerbs {

    private final HeartState state;
    private final FanOut fanOut;

    SendVerbs(HeartState state, FanOut fanOut) {
        this.state = state;
        this.fanOut = fanOut;
    }

    Outcome<Void> send(
            ClientState client, long producerId, long sequence, EncodedMessage message, boolean mayWait, long now) {
        DestinationState destination = state.destinations.find(message.destination());
        if (destination == null) {
            Refusal refusal = cannotCreate(message.destination());
            return refusal != null ? Outcome.refused(refusal) : sendToNew(client, producerId, sequence, message, now);
        }
        if (destination.isClosed()) {
            return Outcome.refused(closed(destination));
        }
        boolean journal = message.persistent() && !destination.isTemporary();
        int[] recipients = journal ? destination.recipients(message, client) : new int[0];
        List<SubscriptionState> copies = destination.volatileRecipients(message, client, journal);
        Refusal full = Limits.check(destination, message, isKept(recipients, copies), copies, mayWait);
        if (full != null) {
            return Outcome.refused(full);
        }
        if (!copies.isEmpty() && !fanOut.hasRoom(message, copies.size(), now)) {
            return Outcome.refused(RefusalKind.RESOURCE_EXHAUSTED, fanOut.fullText(destination));
        }
        long dueMs = Expiry.dueMs(message, now);
        if (recipients.length == 0) {
            sendInMemory(producerId, sequence, new VolatileBody(message, now), copies, dueMs);
            return Outcome.done();
        }
        JournalRecord record = dueMs > now
                ? new JournalRecord.Scheduled(
                        state.schedule.takeId(), dueMs, now, producerId, sequence, recipients, message)
                : publish(destination, producerId, sequence, recipients, message, now);
        List<JournalRecord> entry = List.of(record);
        if (!copies.isEmpty()) {
            copyAfter(entry, record, new VolatileBody(message, now), copies);
        }
        return new Outcome<>(List.of(entry), null, null, false);
    }

    private static boolean isKept(int[] recipients, List<SubscriptionState> copies) {
        boolean kept = recipients.length > 0;
        for (int i = 0; i < copies.size() && !kept; i++) {
            kept = copies.get(i).countsAtDestination();
        }
        return kept;
    }

    /** Why a message meets a limit of the destination, in a transaction; null when there is room. */
    Refusal checkStaged(ClientState client, DestinationState destination, EncodedMessage message, boolean mayWait) {
        DestinationSettings settings = destination.settings();
        if (!settings.isLimited() && settings.slowConsumerPolicy() != SlowConsumerPolicy.BLOCK) {
            return null;
        }
        boolean journal = message.persistent() && !destination.isTemporary();
        int[] recipients = journal ? destination.recipients(message, client) : new int[0];
        List<SubscriptionState> copies = destination.volatileRecipients(message, client, journal);
        return Limits.check(destination, message, isKept(recipients, copies), copies, mayWait);
    }

    static Refusal closed(DestinationState destination) {
        return new Refusal(
                RefusalKind.NOT_PLACED,
                destination.name + " takes no new messages here: other broker groups do, this one is being emptied");
    }

    /** Why a destination cannot be created, or null when it can. */
    Refusal cannotCreate(DestinationName name) {
        if (name.kind().isTemporary()) {
            return new Refusal(
                    RefusalKind.INVALID_DESTINATION,
                    "there is no " + name + ": it was deleted, or its connection ended");
        }
        if (state.reserved.test(name)) {
            return new Refusal(RefusalKind.INVALID_DESTINATION, "the name " + name + " is reserved");
        }
        String elsewhere = state.creation.refusal();
        if (elsewhere == null && state.cluster.placements.containsKey(name)) {
            elsewhere = "it lies on other broker groups";
        }
        if (elsewhere == null && state.cluster.draining.contains(state.config.brokerName())) {
            elsewhere = "broker group " + state.config.brokerName() + " is being drained";
        }
        if (elsewhere != null) {
            return new Refusal(RefusalKind.NOT_PLACED, "there is no " + name + " here: " + elsewhere);
        }
        return state.config.autoCreateDestinations()
                ? null
                : new Refusal(
                        RefusalKind.INVALID_DESTINATION,
                        "there is no " + name + ", and destinations are not created at first use");
    }

    /** Why a message is not acceptable, or null when it is. */
    Refusal check(EncodedMessage message) {
        if (BodyVerbs.isReserved(message.destination())) {
            return BodyVerbs.reserved(message.destination());
        }
        if (message.size() > state.config.message().maxBytes()) {
            return new Refusal(
                    RefusalKind.INVALID_MESSAGE,
                    "a message of " + message.size() + " bytes to " + message.destination() + " is over maxMessageSize="
                            + state.config.message().maxBytes());
        }
        if (message.size() > HeartConfig.WHOLE_MAX_BYTES) {
            return new Refusal(
                    RefusalKind.INVALID_MESSAGE,
                    "a message of " + message.size() + " bytes to " + message.destination()
                            + " in one piece; more than " + HeartConfig.WHOLE_MAX_BYTES
                            + " bytes have to come in chunks");
        }
        if (message.headLength() > state.config.message().propertiesMaxBytes()) {
            return new Refusal(
                    RefusalKind.INVALID_MESSAGE,
                    "header fields and properties of " + message.headLength() + " bytes of a message to "
                            + message.destination() + " are over the limit of "
                            + state.config.message().propertiesMaxBytes());
        }
        return null;
    }

    JournalRecord.Published publish(
            DestinationState destination,
            long producerId,
            long sequence,
            int[] recipients,
            EncodedMessage message,
            long now) {
        int priority = message.priority();
        return new JournalRecord.Published(
                LaneId.of(destination.id, 0, priority),
                destination.lane(priority).allocate(),
                now,
                producerId,
                sequence,
                recipients,
                message);
    }

    private Outcome<Void> sendToNew(
            ClientState client, long producerId, long sequence, EncodedMessage message, long now) {
        Refusal tooLarge = Limits.checkNew(state.destinations.defaults(), message);
        if (tooLarge != null) {
            return Outcome.refused(tooLarge);
        }
        boolean queue = message.destination().kind().isQueue();
        if (queue && !message.persistent() && !fanOut.hasRoom(message, 1, now)) {
            return Outcome.refused(RefusalKind.RESOURCE_EXHAUSTED, state.memory.fullText(message.destination()));
        }
        List<JournalRecord> records = new ArrayList<>(3);
        DestinationState destination = state.destinations.plan(message.destination(), now, records);
        long dueMs = Expiry.dueMs(message, now);
        if (queue && message.persistent()) {
            int[] recipients = destination.recipients(message, client);
            records.add(
                    dueMs > now
                            ? new JournalRecord.Scheduled(
                                    state.schedule.takeId(), dueMs, now, producerId, sequence, recipients, message)
                            : publish(destination, producerId, sequence, recipients, message, now));
        } else {
            List<SubscriptionState> copies = destination.volatileRecipients(message, client, false);
            sendInMemory(producerId, sequence, new VolatileBody(message, now), copies, dueMs);
        }
        return new Outcome<>(List.of(records), null, null, false);
    }

    private void sendInMemory(
            long producerId, long sequence, VolatileBody body, List<SubscriptionState> copies, long dueMs) {
        if (sequence > 0) {
            state.producers.open(producerId).doneInMemory(sequence, body.receivedMs);
        }
        if (copies.isEmpty()) {
            return;
        }
        if (dueMs > body.receivedMs) {
            schedule(body, copies, dueMs, 0);
        } else {
            fanOut.give(body, copies, 0);
        }
    }

    /** Lets a message wait in memory until it is due. */
    void schedule(VolatileBody body, List<SubscriptionState> copies, long dueMs, long visibleAt) {
        Schedule.Delayed delayed = new Schedule.Delayed(dueMs, body, copies, visibleAt);
        state.memory.hold(body);
        state.memory.relieve(body, true);
        state.schedule.add(delayed);
    }

    private void copyAfter(
            List<JournalRecord> entry, JournalRecord record, VolatileBody body, List<SubscriptionState> copies) {
        if (record instanceof JournalRecord.Scheduled scheduled) {
            state.continuations.after(
                    entry, position -> state.schedule.journalled(scheduled.scheduleId()).copies = copies);
        } else {
            state.continuations.after(entry, position -> fanOut.give(body, copies, position));
        }
    }
}
