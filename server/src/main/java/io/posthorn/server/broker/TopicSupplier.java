package io.posthorn.server.broker;

import io.posthorn.protocol.TopicNames;
import io.posthorn.server.broker.registration.BrokerTopics;
import io.posthorn.server.broker.registration.DestinationTopics;
import io.posthorn.server.queue.DestinationInfo;
import io.posthorn.server.route.TopicConfig;
import java.util.List;
import java.util.function.Supplier;

/** The broker's destinations as topics for the NameServers: written by the sequencer, read by the registration. */
final class TopicSupplier implements Supplier<BrokerTopics> {

    private final DestinationTopics naming = new DestinationTopics(TopicNames::topicOf);
    private volatile BrokerTopics current = new BrokerTopics(0, List.of());

    void replace(long epoch, List<DestinationInfo> destinations) {
        List<TopicConfig> topics = destinations.stream()
                .map(d -> naming.topic(d.name(), d.queues(), d.queues()))
                .toList();
        current = new BrokerTopics(epoch, topics);
    }

    @Override
    public BrokerTopics get() {
        return current;
    }
}
