package io.posthorn.server.nameserver;

import java.util.Optional;

/** What a NameServer does only when it is told to; off by default. Operators may turn each while it runs. */
public enum Switch {
    /** A group without a Master shows its lowest Slave as one, if the group wants it and its topics cannot be written. */
    SUPPORT_ACTING_MASTER("supportActingMaster"),
    /** A route has the topic's entry of the KV namespace ORDER_TOPIC_CONFIG; clients take it for the queues to send to. */
    ORDER_MESSAGE_ENABLE("orderMessageEnable");

    private final String key;

    Switch(String key) {
        this.key = key;
    }

    /** RocketMQ's name of it. */
    String key() {
        return key;
    }

    static Optional<Switch> ofKey(String key) {
        for (Switch each : values()) {
            if (each.key.equals(key)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
