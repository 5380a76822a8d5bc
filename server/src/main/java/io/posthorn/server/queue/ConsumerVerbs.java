package io.posthorn.server.queue;

import io.posthorn.selector.SelectorSyntaxException;
import io.posthorn.server.store.JournalRecord;
import java.util.ArrayList;
import java.util.List;

/** Opening and closing of consumers, by the rules for queues and for the four kinds of subscription (8.3). */
final class ConsumerVerbs {

    private final HeartState state;
    private final SendVerbs sends;
    private final Subscriptions subscriptions;
    private final DeliveryVerbs deliveries;
    private final Restating restating;

    ConsumerVerbs(
            HeartState state,
            SendVerbs sends,
            Subscriptions subscriptions,
            DeliveryVerbs deliveries,
            Restating restating) {
        this.state = state;
        this.sends = sends;
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
        this.restating = restating;
    }

    Outcome<OpenedConsumer> open(ClientState client, ConsumerOpening opening, long now) {
        Refusal refusal = BodyVerbs.isReserved(opening.destination())
                ? BodyVerbs.reserved(opening.destination())
                : check(client, opening);
        if (refusal != null) {
            return Outcome.refused(refusal);
        }
        MessageFilter filter;
        try {
            filter = MessageFilter.parse(opening.selector());
        } catch (SelectorSyntaxException wrong) {
            return Outcome.refused(RefusalKind.INVALID_SELECTOR, wrong.getMessage());
        }
        DestinationState destination = state.destinations.find(opening.destination());
        refusal = destination == null ? sends.cannotCreate(opening.destination()) : checkOwner(client, destination);
        if (refusal == null) {
            refusal = checkInUse(client, opening, filter, destination);
        }
        if (refusal != null) {
            return Outcome.refused(refusal);
        }
        Ledger ledger = new Ledger();
        List<JournalRecord> records = new ArrayList<>(3);
        if (destination == null) {
            destination = state.destinations.plan(opening.destination(), now, records);
        }
        SubscriptionState subscription = subscription(client, opening, filter, destination, ledger, records);
        OpenedConsumer opened = join(client, opening, filter, subscription, ledger, records, now);
        ledger.finish(records);
        return ledger.outcome(opened);
    }

    /** Closes in order: what was not handed over goes back; what was goes back too, or stays with the session. */
    Outcome<Void> close(ClientState client, int consumerId, long handedOverTo, boolean keepUnsettled, long now) {
        ConsumerState consumer = client.consumers.get(consumerId);
        if (consumer == null || consumer.closed && keepUnsettled) {
            return Outcome.done();
        }
        Ledger ledger = new Ledger();
        List<JournalRecord> records = new ArrayList<>(1);
        deliveries.mark(consumer, handedOverTo, ledger);
        close(consumer, keepUnsettled, records, now);
        List<JournalRecord> first = new ArrayList<>(2);
        ledger.drainHandOvers(first);
        first.addAll(records);
        ledger.entry(first);
        return ledger.outcome(null);
    }

    void close(ConsumerState consumer, boolean keepUnsettled, List<JournalRecord> records, long now) {
        consumer.endDrains(state.output, consumer.inFlight.last(), true);
        detach(consumer);
        if (consumer.mode != ConsumerMode.BROWSE) {
            deliveries.giveBackAll(consumer, keepUnsettled, records, now);
        }
        deliveries.retire(consumer);
        subscriptions.endIfUnused(consumer.subscription);
    }

    /** It gets nothing more. */
    void detach(ConsumerState consumer) {
        if (consumer.closed) {
            return;
        }
        consumer.closed = true;
        consumer.forgetDrains();
        SubscriptionState subscription = consumer.subscription;
        if (consumer.mode == ConsumerMode.BROWSE) {
            subscription.browsers.remove(consumer);
        } else {
            subscription.consumers.remove(consumer);
            if (subscription.groups != null) {
                subscription.groups.closed(consumer);
            }
            subscription.leave(consumer.group);
            // A read that only this consumer waited for may have others wait behind it.
            state.dirty.mark(subscription);
        }
    }

    private static Refusal check(ClientState client, ConsumerOpening opening) {
        if (!client.isOpen()) {
            return new Refusal(RefusalKind.ILLEGAL_STATE, client + " is closed");
        }
        if (client.consumers.containsKey(opening.consumerId())) {
            return new Refusal(
                    RefusalKind.ILLEGAL_STATE, client + " has a consumer " + opening.consumerId() + " already");
        }
        boolean wantsQueue = opening.mode() == ConsumerMode.QUEUE || opening.mode() == ConsumerMode.BROWSE;
        if (wantsQueue != opening.destination().kind().isQueue()) {
            return new Refusal(
                    RefusalKind.INVALID_DESTINATION,
                    opening.destination() + " cannot be read in mode " + opening.mode());
        }
        return checkName(client, opening);
    }

    private static Refusal checkName(ClientState client, ConsumerOpening opening) {
        ConsumerMode mode = opening.mode();
        boolean named =
                mode == ConsumerMode.DURABLE || mode == ConsumerMode.SHARED || mode == ConsumerMode.SHARED_DURABLE;
        if (!named) {
            return null;
        }
        if (opening.subscriptionName() == null || opening.subscriptionName().isBlank()) {
            return new Refusal(
                    RefusalKind.INVALID_DESTINATION, "a subscription of " + opening.destination() + " needs a name");
        }
        if (mode == ConsumerMode.DURABLE && client.clientId == null) {
            return new Refusal(
                    RefusalKind.ILLEGAL_STATE,
                    "the unshared durable subscription '" + opening.subscriptionName() + "' needs a client id");
        }
        if (mode != ConsumerMode.SHARED && opening.destination().kind().isTemporary()) {
            return new Refusal(
                    RefusalKind.INVALID_DESTINATION,
                    "no durable subscription on the temporary " + opening.destination());
        }
        return null;
    }

    private static Refusal checkOwner(ClientState client, DestinationState destination) {
        return destination.isTemporary() && destination.owner != client
                ? new Refusal(
                        RefusalKind.INVALID_DESTINATION,
                        destination.name + " belongs to another connection, which alone may read it")
                : null;
    }

    private Refusal checkInUse(
            ClientState client, ConsumerOpening opening, MessageFilter filter, DestinationState destination) {
        SubscriptionKey key = new SubscriptionKey(client.clientId, opening.subscriptionName());
        return switch (opening.mode()) {
            case SHARED -> {
                SubscriptionState known = state.subscriptions.sharedVolatile(key);
                yield known == null || isSame(known, destination, filter, false)
                        ? null
                        : inUse(key, "has consumers with another topic or selector");
            }
            case DURABLE, SHARED_DURABLE -> checkDurable(opening, filter, destination, key);
            default -> null;
        };
    }

    private Refusal checkDurable(
            ConsumerOpening opening, MessageFilter filter, DestinationState destination, SubscriptionKey key) {
        SubscriptionState known = state.subscriptions.durable(key);
        if (known == null) {
            return null;
        }
        boolean shared = opening.mode() == ConsumerMode.SHARED_DURABLE;
        if (known.shared != shared) {
            return inUse(key, known.shared ? "is a shared one" : "is an unshared one");
        }
        if (!shared && !known.consumers.isEmpty()) {
            return inUse(key, "has an active consumer");
        }
        boolean same = isSame(known, destination, filter, !shared && opening.noLocal());
        return same || !subscriptions.isInUse(known)
                ? null
                : inUse(key, "is active with another topic, selector or noLocal");
    }

    private static Refusal inUse(SubscriptionKey key, String why) {
        return new Refusal(RefusalKind.SUBSCRIPTION_IN_USE, "the subscription " + key.text() + " " + why);
    }

    private static boolean isSame(
            SubscriptionState known, DestinationState destination, MessageFilter filter, boolean noLocal) {
        return known.destination == destination
                && known.filter.text().equals(filter.text())
                && known.noLocal == noLocal;
    }

    /** The subscription to read, which may be created here; nothing can be refused any more. */
    private SubscriptionState subscription(
            ClientState client,
            ConsumerOpening opening,
            MessageFilter filter,
            DestinationState destination,
            Ledger ledger,
            List<JournalRecord> records) {
        SubscriptionKey key = new SubscriptionKey(client.clientId, opening.subscriptionName());
        switch (opening.mode()) {
            case QUEUE, BROWSE:
                return destination.queueSubscription();
            case TOPIC:
                SubscriptionState left = restating.leftBehind(client, destination, filter, opening.noLocal());
                if (left != null) {
                    return left;
                }
                SubscriptionState own = state.subscriptions.createVolatile(
                        destination, new SubscriptionKey(null, null), filter, opening.noLocal());
                own.owner = client;
                return own;
            case SHARED:
                SubscriptionState joined = state.subscriptions.sharedVolatile(key);
                return joined != null ? joined : state.subscriptions.createVolatile(destination, key, filter, false);
            default:
                return durable(opening, filter, destination, key, ledger, records);
        }
    }

    private SubscriptionState durable(
            ConsumerOpening opening,
            MessageFilter filter,
            DestinationState destination,
            SubscriptionKey key,
            Ledger ledger,
            List<JournalRecord> records) {
        boolean shared = opening.mode() == ConsumerMode.SHARED_DURABLE;
        boolean noLocal = !shared && opening.noLocal();
        SubscriptionState known = state.subscriptions.durable(key);
        if (known != null) {
            if (isSame(known, destination, filter, noLocal)) {
                return known;
            }
            subscriptions.delete(known, ledger, records);
        }
        return state.subscriptions.plan(destination, key, filter, noLocal, shared, records);
    }

    private OpenedConsumer join(
            ClientState client,
            ConsumerOpening opening,
            MessageFilter filter,
            SubscriptionState subscription,
            Ledger ledger,
            List<JournalRecord> records,
            long now) {
        ConsumerState consumer = new ConsumerState(client, opening.consumerId(), opening.mode(), subscription, filter);
        client.consumers.put(opening.consumerId(), consumer);
        if (opening.mode() == ConsumerMode.BROWSE) {
            consumer.browse = new BrowseState(subscription.destination, state.memory.lastId());
            subscription.browsers.add(consumer);
            return new OpenedConsumer(consumer, new int[0], new int[0]);
        }
        // A topic's selector belongs to its subscription, a queue's to its consumer.
        consumer.group = subscription.join(opening.mode() == ConsumerMode.QUEUE ? filter : MessageFilter.ALL);
        consumer.unsettledMax = state.config.unacknowledgedMax();
        subscription.consumers.add(consumer);
        OpenedConsumer opened = restating.restate(consumer, opening.restated(), ledger, records, now);
        state.dirty.mark(subscription);
        return opened;
    }
}
