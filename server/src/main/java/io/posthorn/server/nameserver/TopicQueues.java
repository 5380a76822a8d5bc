package io.posthorn.server.nameserver;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Which topics lie on which broker groups, and with how many MessageQueues. Separate from the {@link RouteTable}, whose lock guards
 * it, because nothing here asks whether a broker lives.
 */
final class TopicQueues {

    /** topic → broker name → queues; no inner map is empty. */
    private final Map<String, SortedMap<String, QueueData>> topics = new HashMap<>();

    void put(String topic, QueueData data) {
        topics.computeIfAbsent(topic, name -> new TreeMap<>()).put(data.brokerName(), data);
    }

    boolean has(String topic, String brokerName) {
        return of(topic).containsKey(brokerName);
    }

    /** broker name → queues of this topic; empty if nobody has it. */
    SortedMap<String, QueueData> of(String topic) {
        return topics.getOrDefault(topic, new TreeMap<>());
    }

    /** All names, sorted. */
    List<String> names() {
        return List.copyOf(new TreeSet<>(topics.keySet()));
    }

    /** The names of those that one of these groups has, sorted. */
    List<String> namesOn(Set<String> brokerNames) {
        Set<String> names = new TreeSet<>();
        topics.forEach((topic, queues) -> {
            if (queues.keySet().stream().anyMatch(brokerNames::contains)) {
                names.add(topic);
            }
        });
        return List.copyOf(names);
    }

    void remove(String topic) {
        topics.remove(topic);
    }

    /** Takes one topic from these groups. */
    void remove(String topic, Collection<String> brokerNames) {
        SortedMap<String, QueueData> queues = topics.get(topic);
        if (queues != null) {
            queues.keySet().removeAll(brokerNames);
            if (queues.isEmpty()) {
                topics.remove(topic);
            }
        }
    }

    /** Takes all topics from a group. */
    void removeBroker(String brokerName) {
        Iterator<SortedMap<String, QueueData>> all = topics.values().iterator();
        while (all.hasNext()) {
            SortedMap<String, QueueData> queues = all.next();
            queues.remove(brokerName);
            if (queues.isEmpty()) {
                all.remove();
            }
        }
    }

    /** Changes what is known of a group's topics; returns how many it has. */
    int change(String brokerName, UnaryOperator<QueueData> change) {
        int count = 0;
        for (SortedMap<String, QueueData> queues : topics.values()) {
            if (queues.computeIfPresent(brokerName, (name, data) -> change.apply(data)) != null) {
                count++;
            }
        }
        return count;
    }
}
