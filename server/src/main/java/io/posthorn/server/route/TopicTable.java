package io.posthorn.server.route;

import java.util.List;
import java.util.Objects;

/**
 * The topics of one registration with their version.
 *
 * @param version not null
 * @param topics not null, unmodifiable; names are unique
 */
public record TopicTable(DataVersion version, List<TopicConfig> topics) {

    public TopicTable {
        Objects.requireNonNull(version, "version");
        topics = List.copyOf(topics);
    }
}
