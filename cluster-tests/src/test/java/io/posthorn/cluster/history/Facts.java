package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.Drained;
import io.posthorn.cluster.history.Event.LastWordsLost;
import io.posthorn.cluster.history.Event.MemoryLost;
import io.posthorn.cluster.history.Event.Promoted;
import io.posthorn.cluster.history.Event.Received;
import io.posthorn.cluster.history.Event.SendBegun;
import io.posthorn.cluster.history.Event.SendEnded;
import io.posthorn.cluster.history.Event.Settled;
import io.posthorn.cluster.history.Event.Subscribed;
import io.posthorn.cluster.history.Event.TransactionEnded;
import io.posthorn.cluster.history.Event.TransactionEnding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history, sorted by what the invariants ask for. Immutable once built. */
final class Facts {

    /** An event with its index in the history. */
    record At<E>(int index, E event) {}

    /** A message of a subscription. */
    record Delivery(String subscription, String message) {}

    private final List<Event> events;
    private final Map<String, At<SendBegun>> sends = new LinkedHashMap<>();
    private final Map<String, At<SendEnded>> sendEnds = new HashMap<>();
    private final Map<Delivery, List<At<Received>>> receipts = new LinkedHashMap<>();
    private final Map<Delivery, List<At<Settled>>> settlements = new HashMap<>();
    private final Map<String, At<Subscribed>> subscriptions = new LinkedHashMap<>();
    private final Map<String, At<TransactionEnding>> endings = new HashMap<>();
    private final Map<String, At<TransactionEnded>> ends = new HashMap<>();
    private final List<At<Promoted>> promotions = new ArrayList<>();
    private final List<At<MemoryLost>> losses = new ArrayList<>();
    private final List<At<LastWordsLost>> silences = new ArrayList<>();
    private final Set<String> drained = new HashSet<>();

    Facts(List<Event> events) {
        this.events = List.copyOf(events);
        for (int i = 0; i < events.size(); i++) {
            sort(i, events.get(i));
        }
    }

    private void sort(int index, Event event) {
        if (event instanceof SendBegun send) {
            sends.put(send.message(), new At<>(index, send));
        } else if (event instanceof SendEnded end) {
            sendEnds.put(end.message(), new At<>(index, end));
        } else if (event instanceof Received receipt) {
            Delivery delivery = new Delivery(receipt.subscription(), receipt.message());
            receipts.computeIfAbsent(delivery, d -> new ArrayList<>()).add(new At<>(index, receipt));
        } else if (event instanceof Settled settled) {
            Delivery delivery = new Delivery(settled.subscription(), settled.message());
            settlements.computeIfAbsent(delivery, d -> new ArrayList<>()).add(new At<>(index, settled));
        } else if (event instanceof Subscribed subscribed) {
            subscriptions.put(subscribed.subscription(), new At<>(index, subscribed));
        } else if (event instanceof TransactionEnding ending) {
            endings.put(ending.transaction(), new At<>(index, ending));
        } else if (event instanceof TransactionEnded end) {
            ends.put(end.transaction(), new At<>(index, end));
        } else if (event instanceof Promoted promoted) {
            promotions.add(new At<>(index, promoted));
        } else if (event instanceof MemoryLost loss) {
            losses.add(new At<>(index, loss));
        } else if (event instanceof LastWordsLost silence) {
            silences.add(new At<>(index, silence));
        } else if (event instanceof Drained done) {
            drained.add(done.subscription());
        }
    }

    List<Event> events() {
        return events;
    }

    Collection<At<SendBegun>> sends() {
        return sends.values();
    }

    /** The send of a message, or null. */
    At<SendBegun> send(String message) {
        return sends.get(message);
    }

    /** Subscriptions that have been drained. */
    List<At<Subscribed>> drainedSubscriptions() {
        return subscriptions.values().stream()
                .filter(at -> isDrained(at.event().subscription()))
                .toList();
    }

    boolean isDrained(String subscription) {
        return drained.contains(subscription);
    }

    Collection<At<Subscribed>> subscriptions() {
        return subscriptions.values();
    }

    Map<Delivery, List<At<Received>>> receipts() {
        return receipts;
    }

    List<At<Received>> receipts(Delivery delivery) {
        return receipts.getOrDefault(delivery, List.of());
    }

    List<At<Settled>> settlements(Delivery delivery) {
        return settlements.getOrDefault(delivery, List.of());
    }

    /** Index and outcome of a send without regard to its transaction; UNKNOWN at the end of the history if it never ended. */
    At<Outcome> sendOutcome(String message) {
        At<SendEnded> end = sendEnds.get(message);
        return end == null
                ? new At<>(events.size(), Outcome.UNKNOWN)
                : new At<>(end.index(), end.event().outcome());
    }

    /** Index and outcome of a transaction; one whose end was never tried is rolled back with its session. */
    At<Outcome> transactionOutcome(String transaction) {
        At<TransactionEnded> end = ends.get(transaction);
        if (end != null) {
            return new At<>(end.index(), end.event().outcome());
        }
        At<TransactionEnding> ending = endings.get(transaction);
        boolean mayCommit = ending != null && ending.event().commit();
        return new At<>(events.size(), mayCommit ? Outcome.UNKNOWN : Outcome.REFUSED);
    }

    /** When the end of a transaction was first tried, or null. */
    At<TransactionEnding> transactionEnding(String transaction) {
        return endings.get(transaction);
    }

    /** Index and outcome of a message's coming into the world: of its send, or of its transaction. */
    At<Outcome> birth(SendBegun send) {
        At<Outcome> sent = sendOutcome(send.message());
        return send.transaction() == null || sent.event() == Outcome.REFUSED
                ? sent
                : transactionOutcome(send.transaction());
    }

    /**
     * Whether a promotion may have undone what ended at this index: the Slave that became Master may not have had it, and was allowed not
     * to.
     */
    boolean mayBeLost(int index) {
        return promotions.stream()
                .anyMatch(at -> at.event().lossAllowed() && index >= at.event().safe() && index < at.index());
    }

    /** Whether what a broker knew of a delivery may have been gone between these two. */
    boolean mayBeForgotten(int delivered, int again) {
        return losses.stream()
                .anyMatch(at -> delivered <= at.index() && again >= at.event().since());
    }

    /** Whether a broker may never have heard of a delivery before it gave the message to another consumer. */
    boolean mayBeUnheard(At<Received> delivered, At<Received> again) {
        return !delivered.event().consumer().equals(again.event().consumer())
                && silences.stream()
                        .anyMatch(at -> delivered.index() <= at.index()
                                && again.index() >= at.event().since());
    }

    /** Whether the subscription was there for the message. */
    boolean isFor(At<Subscribed> subscription, At<SendBegun> send) {
        return send.event().destination().equals(subscription.event().destination())
                && subscription.index() < send.index();
    }
}
