package io.posthorn.server.broker.registration;

import io.posthorn.server.route.DataVersion;
import io.posthorn.server.route.TopicConfig;
import io.posthorn.server.route.TopicTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All topics of a broker at one version. Immutable; a new one is derived by {@link #next}.
 *
 * @param version rises with every change of the topics or the epoch
 * @param topics name → topic, in order; a broker's own topic counts before the system topic of its name
 */
record Announcement(DataVersion version, Map<String, TopicConfig> topics) {

    static final Announcement NOTHING = new Announcement(DataVersion.NONE, Map.of());

    /**
     * The announcement of these topics: this one if nothing changed, otherwise one with the next version.
     *
     * @param wallMs wall-clock time; makes the version differ from those before a restart
     */
    Announcement next(List<TopicConfig> system, BrokerTopics broker, long wallMs) {
        Map<String, TopicConfig> all = new LinkedHashMap<>();
        system.forEach(topic -> all.put(topic.name(), topic));
        broker.topics().forEach(topic -> all.put(topic.name(), topic));
        if (broker.epoch() == version.stateVersion() && all.equals(topics)) {
            return this;
        }
        return new Announcement(new DataVersion(broker.epoch(), wallMs, version.counter() + 1), all);
    }

    TopicTable full() {
        return new TopicTable(version, List.copyOf(topics.values()));
    }

    /**
     * What a NameServer that has {@code earlier} still needs: the new and the changed topics. Removed ones cannot be told
     * this way.
     */
    TopicTable since(Announcement earlier) {
        List<TopicConfig> changed = new ArrayList<>();
        for (TopicConfig topic : topics.values()) {
            if (!topic.equals(earlier.topics.get(topic.name()))) {
                changed.add(topic);
            }
        }
        return new TopicTable(version, changed);
    }
}
