package io.posthorn.server.broker.registration;

import io.posthorn.server.route.BrokerIdentity;
import io.posthorn.server.route.Permission;
import io.posthorn.server.route.TopicConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The topics that every broker announces: tools look up a cluster and a broker by topics of their names, and
 * a NameServer refuses an unknown broker that announces only one topic.
 */
final class SystemTopics {

    private static final int READ_WRITE = Permission.READ | Permission.WRITE;
    private static final int TEMPLATE = READ_WRITE | Permission.INHERIT;

    private SystemTopics() {}

    /** At least two topics. @param autoCreate whether the template for topics created on first use is among them */
    static List<TopicConfig> of(BrokerIdentity broker, boolean autoCreate) {
        List<TopicConfig> topics = new ArrayList<>();
        topics.add(new TopicConfig("SELF_TEST_TOPIC", 1, 1, READ_WRITE));
        topics.add(new TopicConfig("OFFSET_MOVED_EVENT", 1, 1, READ_WRITE));
        topics.add(new TopicConfig(broker.cluster(), 16, 16, autoCreate ? TEMPLATE : READ_WRITE));
        topics.add(new TopicConfig(broker.brokerName(), 1, 1, autoCreate ? TEMPLATE : READ_WRITE));
        topics.add(new TopicConfig(broker.cluster() + "_REPLY_TOPIC", 1, 1, READ_WRITE));
        if (autoCreate) {
            topics.add(new TopicConfig("TBW102", 8, 8, TEMPLATE));
        }
        return topics;
    }
}
