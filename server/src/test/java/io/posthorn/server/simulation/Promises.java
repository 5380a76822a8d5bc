package io.posthorn.server.simulation;

import io.posthorn.message.DestinationName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All sends, what became of them, and what is settled: I1 and I4, and I5 as far as the end shows it. */
final class Promises implements Rule {

    private final DestinationName topic;
    private final HandClock clock;
    private final Map<String, Sent> sent = new LinkedHashMap<>();
    private final Map<String, List<Sent>> transactions = new LinkedHashMap<>();
    /** Message and place: settled for good. */
    private final Set<String> settled = new HashSet<>();
    /** Message and place: has been delivered before. */
    private final Set<String> delivered = new HashSet<>();

    /** @param topic of its messages nobody is promised that there is a subscription */
    Promises(DestinationName topic, HandClock clock) {
        this.topic = topic;
        this.clock = clock;
    }

    void add(Sent one) {
        sent.put(one.toString(), one);
        if (one.transaction != null) {
            transactions
                    .computeIfAbsent(one.transaction, absent -> new ArrayList<>())
                    .add(one);
        }
    }

    Sent find(String name) {
        return sent.get(name);
    }

    /** All sends of a transaction. */
    List<Sent> transaction(String name) {
        return transactions.getOrDefault(name, List.of());
    }

    void settled(Collection<Got> all) {
        all.forEach(got -> settled.add(got.what()));
    }

    boolean wasDelivered(String what) {
        return delivered.contains(what);
    }

    boolean isForQueue(Sent one) {
        return !one.to.equals(topic);
    }

    @Override
    public void delivered(Delivered delivery) {
        Sent one = delivery.sent();
        String what = delivery.what();
        Invariant.I5.require(!one.gone || !one.persistent, what + " was refused or rolled back, and is delivered");
        Invariant.I4.require(!settled.contains(what), what + " was settled and is delivered again");
        Invariant.expect(delivery.to().admits(one), what + " does not match its selector");
        Invariant.expect(one.dueMs <= clock.latestMs(), what + " is delivered before it is due");
        delivered.add(what);
    }

    @Override
    public void finished() {
        for (List<Sent> parts : transactions.values()) {
            List<Sent> kept = parts.stream()
                    .filter(one -> one.persistent && isForQueue(one) && !one.gone)
                    .toList();
            long seen = kept.stream().filter(this::isSeen).count();
            Invariant.I5.require(
                    seen == 0 || seen == kept.size(),
                    seen + " of " + kept.size() + " messages of a transaction were seen: " + kept);
        }
        for (Sent one : sent.values()) {
            Invariant.I1.require(
                    !one.acknowledged || !isForQueue(one) || isSeen(one),
                    one + " to " + one.to + " was promised and is gone");
        }
    }

    private boolean isSeen(Sent one) {
        return delivered.contains(one.at(one.to.name()));
    }
}
