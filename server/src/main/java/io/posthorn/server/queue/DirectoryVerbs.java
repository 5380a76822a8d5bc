package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.DestinationPlaced;
import io.posthorn.server.store.JournalRecord.SubscriptionGranted;
import io.posthorn.server.store.PlacedPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The directory: which broker groups hold a destination, and what the names of durable subscriptions stand for. Only the broker that is the
 * directory is asked. What lies on its own group alone, and has no settings about that, needs no row here.
 */
public final class DirectoryVerbs {

    private final HeartState state;
    private final DestinationVerbs destinations;
    private final Draining draining;

    DirectoryVerbs(HeartState state, DestinationVerbs destinations) {
        this.state = state;
        this.destinations = destinations;
        this.draining = new Draining(state);
    }

    /** Rises with every change of a location. */
    public long version() {
        return state.cluster.changes + state.destinations.version();
    }

    /** Where a destination lies; nowhere when it is unknown. */
    public Located locate(DestinationName name) {
        DestinationPlaced placed = state.cluster.placements.get(name);
        if (placed != null) {
            return new Located(name, placed.parts(), GroupChoice.others(placed.attributes()), false);
        }
        DestinationState here = state.destinations.find(name);
        return here == null
                ? new Located(name, List.of(), Map.of(), false)
                : new Located(name, List.of(active(self(), 0)), here.attributes(), false);
    }

    /**
     * Places a destination that lies nowhere.
     *
     * @param firstUse because somebody uses it: one that is known already is no error then, and it may be that nothing is created in this way
     * @param candidates groups that are there, the emptiest first
     * @return refused with INVALID_DESTINATION or ILLEGAL_STATE
     */
    public Outcome<Located> place(
            DestinationName name, Map<String, String> settings, boolean firstUse, List<String> candidates, long now) {
        Located known = locate(name);
        if (!known.parts().isEmpty() && firstUse) {
            return new Outcome<>(List.of(), known, null, true);
        }
        if (!known.parts().isEmpty()) {
            return Outcome.refused(RefusalKind.INVALID_DESTINATION, "there is a " + name + " already");
        }
        if (firstUse && !state.config.autoCreateDestinations()) {
            return Outcome.refused(
                    RefusalKind.INVALID_DESTINATION,
                    "there is no " + name + ", and destinations are not created at first use");
        }
        List<String> groups;
        try {
            groups = GroupChoice.of(
                    settings, candidates.stream().filter(this::takesMore).toList());
        } catch (IllegalArgumentException wrong) {
            return Outcome.refused(RefusalKind.ILLEGAL_STATE, name + " cannot be placed: " + wrong.getMessage());
        }
        Map<String, String> others = GroupChoice.others(settings);
        // What is wrong with the name or the settings is wrong wherever it lies.
        Outcome<Void> here = destinations.create(name, others, now);
        if (here.isRefused()) {
            return Outcome.refused(here.refusal());
        }
        boolean alone = groups.equals(List.of(self())) && settings.equals(others);
        List<JournalRecord> entry = groups.contains(self()) ? here.entries().get(0) : discarded(here);
        List<PlacedPart> parts =
                groups.stream().map(group -> active(group, now)).toList();
        if (!alone) {
            entry.add(new DestinationPlaced(name, parts, settings));
        }
        return new Outcome<>(List.of(entry), new Located(name, parts, others, true), null, false);
    }

    private List<JournalRecord> discarded(Outcome<Void> here) {
        state.discard(here.entries().get(0));
        return new ArrayList<>(1);
    }

    private boolean takesMore(String group) {
        return !state.cluster.draining.contains(group);
    }

    /**
     * Takes over what a broker group turned out to hold: from the time when it was alone, or dead letters, which stay where their messages died.
     */
    public Outcome<Void> adopt(String group, List<DestinationName> names, long now) {
        List<JournalRecord> records = new ArrayList<>(0);
        for (DestinationName name : names) {
            Located known = locate(name);
            if (known.parts().stream().noneMatch(part -> part.group().equals(group))) {
                List<PlacedPart> parts = new ArrayList<>(known.parts());
                parts.add(active(group, now));
                records.add(new DestinationPlaced(name, parts, attributes(name)));
            }
        }
        return written(records);
    }

    private Map<String, String> attributes(DestinationName name) {
        DestinationPlaced placed = state.cluster.placements.get(name);
        return placed == null ? locate(name).attributes() : placed.attributes();
    }

    /** Other settings, all of them; those that decide on the place stay as they are. */
    public Outcome<Void> changed(DestinationName name, Map<String, String> changes) {
        DestinationPlaced placed = state.cluster.placements.get(name);
        if (placed == null) {
            return Outcome.done();
        }
        Map<String, String> all = new LinkedHashMap<>(placed.attributes());
        changes.forEach((setting, value) -> {
            if (value.isEmpty()) {
                all.remove(setting);
            } else {
                all.put(setting, value);
            }
        });
        return written(List.of(new DestinationPlaced(name, placed.parts(), all)));
    }

    /** A destination lies nowhere any more; the groups have deleted it. */
    public Outcome<Void> unplace(DestinationName name) {
        return state.cluster.placements.containsKey(name)
                ? written(List.of(new DestinationPlaced(name, List.of(), Map.of())))
                : Outcome.done();
    }

    // ---- names of durable subscriptions ----

    /**
     * Gives the name of a durable subscription away.
     *
     * @return the topic that it stood for before, or null; when that is another one, nothing has changed
     */
    public Outcome<DestinationName> grant(SubscriptionTerms terms) {
        DestinationName before = find(terms.clientId(), terms.name());
        if (before != null && !before.equals(terms.topic())) {
            return Outcome.of(before);
        }
        SubscriptionGranted row = new SubscriptionGranted(
                terms.clientId(), terms.name(), terms.topic(), terms.selector(), terms.noLocal(), terms.shared());
        boolean known = row.equals(state.cluster.grants.get(terms.key()));
        return new Outcome<>(known ? List.of() : List.of(List.of(row)), before, null, known);
    }

    /** The topic of a durable subscription, or null. */
    public DestinationName find(String clientId, String name) {
        SubscriptionKey key = new SubscriptionKey(clientId, name);
        SubscriptionGranted granted = state.cluster.grants.get(key);
        if (granted != null) {
            return granted.topic();
        }
        SubscriptionState here = state.subscriptions.durable(key);
        return here == null ? null : here.destination.name;
    }

    /** A durable subscription is gone everywhere. */
    public Outcome<Void> release(String clientId, String name) {
        return state.cluster.grants.containsKey(new SubscriptionKey(clientId, name))
                ? written(List.of(new SubscriptionGranted(clientId, name, null, null, false, false)))
                : Outcome.done();
    }

    /**
     * Holds the name of a shared subscription that is not durable for a consumer (Jakarta Messaging 3.1, 8.3.4), or gives it back.
     *
     * @return refused with SUBSCRIPTION_IN_USE while others hold it for another topic or selector
     */
    public Outcome<Void> hold(ClientState client, int consumer, SubscriptionTerms terms, boolean held) {
        SharedName.Holder holder = new SharedName.Holder(client, consumer);
        SharedName known = state.cluster.shared.get(terms.key());
        if (!held) {
            if (known != null && known.holders.remove(holder) && known.holders.isEmpty()) {
                state.cluster.shared.remove(terms.key());
            }
            return Outcome.done();
        }
        if (!client.isOpen()) {
            return Outcome.refused(RefusalKind.ILLEGAL_STATE, client + " is closed");
        }
        if (known != null && !known.terms.equals(terms)) {
            return Outcome.refused(
                    RefusalKind.SUBSCRIPTION_IN_USE,
                    "the subscription " + terms.key().text() + " is in use for " + known.terms.topic()
                            + (known.terms.topic().equals(terms.topic()) ? " with another selector" : ""));
        }
        state.cluster
                .shared
                .computeIfAbsent(terms.key(), key -> new SharedName(terms))
                .holders
                .add(holder);
        return Outcome.done();
    }

    // ---- emptying a group ----

    /** Has a broker group emptied, or takes that back. What follows is up to {@link #advance}. */
    public Outcome<Void> drain(String group, boolean drain) {
        return drain == state.cluster.draining.contains(group)
                ? Outcome.done()
                : written(List.of(new JournalRecord.GroupDrained(group, drain)));
    }

    /**
     * Moves destinations on that have to leave a group.
     *
     * @param candidates groups that are there, the emptiest first
     * @return those whose groups have to be told
     */
    public Outcome<List<Located>> advance(List<String> candidates, long now) {
        return draining.advance(candidates, now);
    }

    /** A group holds these destinations and no others: what it was to empty is gone there. */
    public Outcome<Void> left(String group, List<DestinationName> holds) {
        Set<DestinationName> names = new HashSet<>(holds);
        return draining.left(group, name -> !names.contains(name));
    }

    /** A group does not hold this destination any more. */
    public Outcome<Void> leftOne(String group, DestinationName emptied) {
        return draining.left(group, emptied::equals);
    }

    /** Durable subscriptions of a topic, for a group that comes to hold it. */
    public List<SubscriptionTerms> subscriptions(DestinationName topic) {
        return draining.subscriptions(topic);
    }

    /** Broker groups that are to be emptied, by name. */
    public Set<String> draining() {
        return Set.copyOf(state.cluster.draining);
    }

    /** How many destinations lie at a broker group as far as the directory has decided it, by the group's name; 0 where one is missing. */
    public Map<String, Integer> placed() {
        Map<String, Integer> counts = new HashMap<>();
        for (DestinationPlaced placed : state.cluster.placements.values()) {
            for (PlacedPart part : placed.parts()) {
                counts.merge(part.group(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private String self() {
        return state.config.brokerName();
    }

    private static PlacedPart active(String group, long sinceMs) {
        return new PlacedPart(group, PlacedPart.State.ACTIVE, sinceMs);
    }

    private static Outcome<Void> written(List<JournalRecord> records) {
        return records.isEmpty() ? Outcome.done() : new Outcome<>(List.of(records), null, null, false);
    }
}
