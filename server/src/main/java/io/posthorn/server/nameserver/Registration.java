package io.posthorn.server.nameserver;

import io.posthorn.server.route.BrokerIdentity;
import io.posthorn.server.route.TopicTable;
import java.util.Objects;

/**
 * One REGISTER_BROKER as it arrived.
 *
 * @param broker who speaks; not null
 * @param haServerAddress where its Slaves find it; not null, only handed on
 * @param timeoutMs silence after which it is removed; above 0
 * @param actingMaster whether its prime Slave stands in for a lost Master; null = the broker does not know the notion
 * @param zone its zone, or null
 * @param topics its topics, all or only changed ones; not null
 */
record Registration(
        BrokerIdentity broker,
        String haServerAddress,
        long timeoutMs,
        Boolean actingMaster,
        String zone,
        TopicTable topics) {

    Registration {
        Objects.requireNonNull(broker, "broker");
        Objects.requireNonNull(haServerAddress, "haServerAddress");
        Objects.requireNonNull(topics, "topics");
    }
}
