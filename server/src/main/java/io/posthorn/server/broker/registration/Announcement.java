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

    /** Keeps a registration under the frame limit of 16 MiB even if every topic has the longest and oddest name. */
    static final int TOPICS_PER_FRAME = 5_000;

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

    /** Everything, in the registrations that tell it; never empty. */
    List<TopicTable> full() {
        return pieces(List.copyOf(topics.values()));
    }

    /**
     * What a NameServer that has {@code earlier} still needs: the new and the changed topics. Removed ones cannot be told
     * this way, see {@link NameServerLink}; the new version is told even if nothing else is.
     */
    List<TopicTable> since(Announcement earlier) {
        List<TopicConfig> changed = new ArrayList<>();
        for (TopicConfig topic : topics.values()) {
            if (!topic.equals(earlier.topics.get(topic.name()))) {
                changed.add(topic);
            }
        }
        return pieces(changed);
    }

    /** Each piece has a version of its own, for a NameServer looks at a table only if its version differs from the last. */
    private List<TopicTable> pieces(List<TopicConfig> all) {
        List<TopicTable> pieces = new ArrayList<>();
        int from = 0;
        while (all.size() - from > TOPICS_PER_FRAME) {
            DataVersion interim = new DataVersion(version.stateVersion(), version.timestamp(), -1 - pieces.size());
            pieces.add(new TopicTable(interim, all.subList(from, from + TOPICS_PER_FRAME)));
            from += TOPICS_PER_FRAME;
        }
        pieces.add(new TopicTable(version, all.subList(from, all.size())));
        return pieces;
    }
}
