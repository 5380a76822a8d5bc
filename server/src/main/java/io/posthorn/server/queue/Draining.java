package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.DestinationPlaced;
import io.posthorn.server.store.PlacedPart;
import io.posthorn.server.store.PlacedPart.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How the directory empties broker groups: step by step, a few destinations at a time. A part on such a group takes messages until another group does, then it is only
 * read; its group deletes it when it is empty.
 *
 * <pre>
 * no other part: one JOINING elsewhere ─▶ (a topic: once all consumers must have found it) ACTIVE ─▶ the old part LEAVING ─▶ gone
 * </pre>
 *
 * <p>Consumers look for new parts every 30 s. Messages of a queue wait for them; a topic's would be lost to subscribers that are not durable.
 */
final class Draining {

    /** When every consumer has found a part that has joined. */
    static final long JOIN_MS = 45_000;

    /** Most destinations that move on in one round. */
    private static final int STEPS_MAX = 500;

    private final HeartState state;

    Draining(HeartState state) {
        this.state = state;
    }

    /**
     * One step for each destination that has to move.
     *
     * @param candidates groups that are there, the emptiest first
     * @return those whose groups have to be told, now or once more
     */
    Outcome<List<Located>> advance(List<String> candidates, long now) {
        List<String> free = candidates.stream()
                .filter(group -> !state.cluster.draining.contains(group))
                .toList();
        List<JournalRecord> records = new ArrayList<>(0);
        List<Located> told = new ArrayList<>(0);
        for (DestinationPlaced row : concerned()) {
            List<PlacedPart> parts = step(row, free, now);
            if (!parts.equals(row.parts())) {
                records.add(new DestinationPlaced(row.name(), parts, row.attributes()));
            }
            boolean moving = parts.stream().anyMatch(part -> part.state() != State.ACTIVE);
            if (moving || !parts.equals(row.parts())) {
                told.add(new Located(row.name(), parts, GroupChoice.others(row.attributes()), true));
            }
            if (told.size() == STEPS_MAX) {
                break;
            }
        }
        return new Outcome<>(records.isEmpty() ? List.of() : List.of(records), told, null, false);
    }

    /** Rows of destinations with a part that moves, or has to. */
    private List<DestinationPlaced> concerned() {
        List<DestinationPlaced> rows = new ArrayList<>();
        for (DestinationPlaced row : state.cluster.placements.values()) {
            if (row.parts().stream().anyMatch(part -> part.state() != State.ACTIVE || isDrained(part))) {
                rows.add(row);
            }
        }
        String self = state.config.brokerName();
        if (state.cluster.draining.contains(self)) {
            for (DestinationState here : state.destinations.all()) {
                if (!here.isTemporary()
                        && !BodyVerbs.isReserved(here.name)
                        && !state.cluster.placements.containsKey(here.name)) {
                    List<PlacedPart> alone = List.of(new PlacedPart(self, State.ACTIVE, 0));
                    rows.add(new DestinationPlaced(here.name, alone, here.attributes()));
                }
            }
        }
        return rows;
    }

    private boolean isDrained(PlacedPart part) {
        return state.cluster.draining.contains(part.group());
    }

    private List<PlacedPart> step(DestinationPlaced row, List<String> free, long now) {
        List<PlacedPart> parts = new ArrayList<>(row.parts());
        long wait = row.name().kind().isQueue() ? 0 : JOIN_MS;
        parts.replaceAll(part -> {
            if (part.state() == State.JOINING && now - part.sinceMs() >= wait) {
                return new PlacedPart(part.group(), State.ACTIVE, now);
            }
            // The operator has changed his mind.
            return part.state() == State.LEAVING && !isDrained(part)
                    ? new PlacedPart(part.group(), State.ACTIVE, now)
                    : part;
        });
        boolean stays = parts.stream().anyMatch(part -> !isDrained(part));
        if (!stays) {
            for (String group : free) {
                if (parts.stream().noneMatch(part -> part.group().equals(group))) {
                    parts.add(new PlacedPart(group, State.JOINING, now));
                    break;
                }
            }
        }
        if (parts.stream().anyMatch(part -> part.state() == State.ACTIVE && !isDrained(part))) {
            parts.replaceAll(part -> isDrained(part) && part.state() != State.LEAVING
                    ? new PlacedPart(part.group(), State.LEAVING, now)
                    : part);
        }
        return parts;
    }

    /** A group does not hold these any more: what it was to empty it has emptied. */
    Outcome<Void> left(String group, Predicate<DestinationName> gone) {
        List<JournalRecord> records = new ArrayList<>(0);
        for (DestinationPlaced row : state.cluster.placements.values()) {
            boolean leaving =
                    row.parts().stream().anyMatch(part -> part.group().equals(group) && part.state() == State.LEAVING);
            if (leaving && gone.test(row.name())) {
                List<PlacedPart> rest = row.parts().stream()
                        .filter(part -> !part.group().equals(group))
                        .toList();
                records.add(new DestinationPlaced(row.name(), rest, row.attributes()));
            }
        }
        return new Outcome<>(records.isEmpty() ? List.of() : List.of(records), null, null, false);
    }

    /** Durable subscriptions of a topic, for a group that comes to hold it. */
    List<SubscriptionTerms> subscriptions(DestinationName topic) {
        Map<SubscriptionKey, SubscriptionTerms> found = new LinkedHashMap<>();
        state.cluster.grants.forEach((key, row) -> {
            if (row.topic().equals(topic)) {
                found.put(
                        key,
                        new SubscriptionTerms(
                                row.clientId(), row.name(), topic, row.selector(), row.noLocal(), row.shared()));
            }
        });
        DestinationState here = state.destinations.find(topic);
        if (here != null) {
            for (SubscriptionState each : here.journalled) {
                if (each.name != null) {
                    String selector = each.filter.isAll() ? null : each.filter.text();
                    found.putIfAbsent(
                            each.key(),
                            new SubscriptionTerms(
                                    each.clientId, each.name, topic, selector, each.noLocal, each.shared));
                }
            }
        }
        return List.copyOf(found.values());
    }
}
