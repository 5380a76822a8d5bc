package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.JournalRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What operators do with destinations: look at them, create, change and delete them. Temporary ones are their owners' business. */
public final class DestinationVerbs {

    /** Most reports in one answer. */
    public static final int REPORTS_MAX = 500;

    /** Most names in one summary. */
    public static final int NAMES_MAX = 100_000;

    private final HeartState state;

    DestinationVerbs(HeartState state) {
        this.state = state;
    }

    /**
     * Reports on destinations in order of their creation, at most {@link #REPORTS_MAX}.
     *
     * @param skip so many are left out at the beginning
     */
    public Outcome<List<DestinationReport>> list(int skip) {
        List<DestinationReport> reports = new ArrayList<>();
        int passed = 0;
        for (DestinationState destination : state.destinations.all()) {
            if (destination.isTemporary() || passed++ < skip) {
                continue;
            }
            if (reports.size() == REPORTS_MAX) {
                break;
            }
            reports.add(report(destination));
        }
        return Outcome.of(reports);
    }

    /** Reports on one; refused with INVALID_DESTINATION when there is none. */
    public Outcome<List<DestinationReport>> show(DestinationName name) {
        DestinationState destination = state.destinations.find(name);
        return destination == null || destination.isTemporary()
                ? Outcome.refused(unknown(name))
                : Outcome.of(List.of(report(destination)));
    }

    /** Creates one; refused with INVALID_DESTINATION when it exists or its name is reserved, ILLEGAL_STATE for a wrong setting. */
    public Outcome<Void> create(DestinationName name, Map<String, String> attributes, long now) {
        if (name.kind().isTemporary() || state.reserved.test(name)) {
            return Outcome.refused(RefusalKind.INVALID_DESTINATION, "the name " + name + " is reserved");
        }
        if (state.destinations.find(name) != null) {
            return Outcome.refused(RefusalKind.INVALID_DESTINATION, "there is a " + name + " already");
        }
        Refusal wrong = check(attributes);
        if (wrong != null) {
            return Outcome.refused(wrong);
        }
        List<JournalRecord> records = new ArrayList<>(2);
        state.destinations.plan(name, attributes, now, records);
        return new Outcome<>(List.of(records), null, null, false);
    }

    /**
     * The directory has placed one here: creates what is missing, and opens or closes it to new messages. One that is closed and empty goes. Without effect when
     * all is so already.
     *
     * @param terms durable subscriptions that it has
     */
    public Outcome<Void> place(
            DestinationName name,
            boolean open,
            Map<String, String> attributes,
            List<SubscriptionTerms> terms,
            long now) {
        DestinationState known = state.destinations.find(name);
        if (!open && (known == null || known.isClosed())) {
            boolean goes = known != null && isEmpty(known);
            return goes
                    ? new Outcome<>(List.of(List.of(new JournalRecord.DestinationDeleted(known.id))), null, null, false)
                    : Outcome.repeated();
        }
        List<JournalRecord> records = new ArrayList<>(2);
        Map<String, String> all = new LinkedHashMap<>(known == null ? attributes : known.attributes());
        if (open) {
            all.remove(DestinationState.CLOSED);
        } else {
            all.put(DestinationState.CLOSED, "true");
        }
        DestinationState destination = known;
        if (known == null) {
            if (name.kind().isTemporary() || state.reserved.test(name)) {
                return Outcome.refused(RefusalKind.INVALID_DESTINATION, "the name " + name + " is reserved");
            }
            destination = state.destinations.plan(name, all, now, records);
        } else if (!all.equals(known.attributes())) {
            records.add(new JournalRecord.DestinationChanged(known.id, all));
        }
        for (SubscriptionTerms each : terms) {
            if (state.subscriptions.durable(each.key()) == null) {
                MessageFilter filter = MessageFilter.parse(each.selector());
                state.subscriptions.plan(destination, each.key(), filter, each.noLocal(), each.shared(), records);
            }
        }
        return records.isEmpty() ? Outcome.repeated() : new Outcome<>(List.of(records), null, null, false);
    }

    /** Whether nobody has, or will get, a message of it. */
    private boolean isEmpty(DestinationState destination) {
        if (destination.messages() > 0 || state.schedule.mayBeAwaitedBy(destination.name)) {
            return false;
        }
        for (SubscriptionState subscription : subscriptions(destination)) {
            if (subscription.inFlight > 0 || subscription.held > 0 || subscription.volatileCount > 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * What the directory wants to know.
     *
     * @param destinations how many there are, but temporary ones
     * @param names of these; none when nothing has changed since the version that was asked with
     */
    public record Summary(long version, int destinations, long messages, long bytes, List<DestinationName> names) {}

    /** @param epoch of this Master's reign, so that versions differ from one to the next */
    public Outcome<Summary> summary(long epoch, long knownVersion) {
        long version = (epoch << 24) + state.destinations.version() & Long.MAX_VALUE;
        List<DestinationName> names = new ArrayList<>();
        long messages = 0;
        long bytes = 0;
        int count = 0;
        for (DestinationState each : state.destinations.all()) {
            if (each.isTemporary() || BodyVerbs.isReserved(each.name)) {
                continue;
            }
            count++;
            messages += each.messages();
            bytes += each.bytes();
            if (version != knownVersion && names.size() < NAMES_MAX) {
                names.add(each.name);
            }
        }
        return Outcome.of(new Summary(version, count, messages, bytes, names));
    }

    /**
     * Changes settings of one; the others stay.
     *
     * @param attributes by name; an empty value takes the setting back, so that the default holds again
     */
    public Outcome<Void> set(DestinationName name, Map<String, String> attributes) {
        DestinationState destination = state.destinations.find(name);
        if (destination == null || destination.isTemporary()) {
            return Outcome.refused(unknown(name));
        }
        Map<String, String> all = new LinkedHashMap<>(destination.attributes());
        for (Map.Entry<String, String> each : attributes.entrySet()) {
            if (each.getValue().isEmpty()) {
                if (!state.destinations.defaults().asMap().containsKey(each.getKey())) {
                    return Outcome.refused(check(Map.of(each.getKey(), "")));
                }
                all.remove(each.getKey());
            } else {
                all.put(each.getKey(), each.getValue());
            }
        }
        Refusal wrong = check(all);
        if (wrong != null) {
            return Outcome.refused(wrong);
        }
        return new Outcome<>(
                List.of(List.of(new JournalRecord.DestinationChanged(destination.id, all))), null, null, false);
    }

    /**
     * Deletes one with its messages and subscriptions. Refused with DESTINATION_IN_USE while it has consumers, unsettled deliveries or
     * messages, unless forced; and always while a prepared branch of a global transaction has consumed of it.
     */
    public Outcome<Void> delete(DestinationName name, boolean force) {
        DestinationState destination = state.destinations.find(name);
        if (destination == null || destination.isTemporary()) {
            return Outcome.refused(unknown(name));
        }
        String inUse = inUse(destination, force);
        if (inUse != null) {
            return Outcome.refused(RefusalKind.DESTINATION_IN_USE, name + " is in use: " + inUse);
        }
        return new Outcome<>(List.of(List.of(new JournalRecord.DestinationDeleted(destination.id))), null, null, false);
    }

    private static String inUse(DestinationState destination, boolean force) {
        int consumers = 0;
        int inFlight = 0;
        int durable = 0;
        for (SubscriptionState subscription : subscriptions(destination)) {
            if (subscription.held > 0) {
                return "prepared transactions hold " + subscription.held + " of its messages; decide them first";
            }
            consumers += subscription.consumers.size() + subscription.browsers.size() + subscription.reservations;
            inFlight += subscription.inFlight;
            durable += subscription.name != null && subscription.isJournalled() ? 1 : 0;
        }
        long messages = destination.messages();
        boolean used = consumers > 0 || inFlight > 0 || durable > 0 || messages > 0;
        return force || !used
                ? null
                : "it has " + consumers + " consumers, " + inFlight + " unsettled deliveries, " + durable
                        + " durable subscriptions and " + messages + " messages; force deletes them all";
    }

    private static List<SubscriptionState> subscriptions(DestinationState destination) {
        List<SubscriptionState> all = new ArrayList<>(destination.journalled);
        all.addAll(destination.volatiles);
        return all;
    }

    private Refusal check(Map<String, String> attributes) {
        Map<String, String> settings = new LinkedHashMap<>(attributes);
        settings.remove(DestinationState.CLOSED);
        try {
            state.destinations.defaults().with(settings);
            return null;
        } catch (IllegalArgumentException wrong) {
            return new Refusal(RefusalKind.ILLEGAL_STATE, wrong.getMessage());
        }
    }

    private static Refusal unknown(DestinationName name) {
        return new Refusal(RefusalKind.INVALID_DESTINATION, "there is no " + name);
    }

    private static DestinationReport report(DestinationState destination) {
        int consumers = 0;
        long dropped = 0;
        List<SubscriptionState> subscriptions = subscriptions(destination);
        for (SubscriptionState subscription : subscriptions) {
            consumers += subscription.consumers.size();
            dropped += subscription.dropped;
        }
        return new DestinationReport(
                destination.name,
                destination.attributes(),
                destination.settings().asMap(),
                destination.messages(),
                destination.bytes(),
                consumers,
                subscriptions.size(),
                dropped);
    }
}
