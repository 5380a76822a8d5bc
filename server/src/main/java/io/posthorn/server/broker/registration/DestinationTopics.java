package io.posthorn.server.broker.registration;

import io.posthorn.message.DestinationName;
import io.posthorn.server.route.Permission;
import io.posthorn.server.route.TopicConfig;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Turns JMS destinations into the RocketMQ topics that stand for them at NameServers. Stateless apart from the naming rule;
 * any thread.
 */
public final class DestinationTopics {

    /** The topic's attribute with the destination's full name; there when the topic's name is only a digest of it. */
    public static final String NAME_ATTRIBUTE = "posthorn.destination";

    private static final String DIGEST_PREFIX = "%H%";

    private final Function<DestinationName, String> topicNames;

    /** @param topicNames the naming rule; pure */
    public DestinationTopics(Function<DestinationName, String> topicNames) {
        this.topicNames = Objects.requireNonNull(topicNames, "topicNames");
    }

    /**
     * @param destination a permanent destination
     * @param writeQueues number of MessageQueues that producers write
     * @param readQueues number of lanes that hold messages, at least {@code writeQueues}
     * @throws IllegalArgumentException for a temporary destination, which is never registered
     */
    public TopicConfig topic(DestinationName destination, int writeQueues, int readQueues) {
        if (destination.kind().isTemporary()) {
            throw new IllegalArgumentException("a temporary destination is never registered: " + destination);
        }
        String name = topicNames.apply(destination);
        Map<String, String> attributes =
                name.startsWith(DIGEST_PREFIX) ? Map.of(NAME_ATTRIBUTE, destination.name()) : Map.of();
        return new TopicConfig(name, readQueues, writeQueues, Permission.READ | Permission.WRITE, 0, attributes);
    }
}
