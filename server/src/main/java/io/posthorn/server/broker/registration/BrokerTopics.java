package io.posthorn.server.broker.registration;

import io.posthorn.server.route.TopicConfig;
import java.util.List;

/**
 * What a broker serves at one moment.
 *
 * @param epoch the Master's epoch; becomes the state version of the registration
 * @param topics without the system topics; not null
 */
public record BrokerTopics(long epoch, List<TopicConfig> topics) {

    public BrokerTopics {
        topics = List.copyOf(topics);
    }
}
