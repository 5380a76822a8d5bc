package io.posthorn.server.nameserver;

import io.posthorn.server.route.Permission;
import io.posthorn.server.route.TopicConfig;

/** One topic on one broker group: how many MessageQueues, and what may be done with them. */
record QueueData(String brokerName, int readQueues, int writeQueues, int perm, int sysFlag) {

    static QueueData of(String brokerName, TopicConfig topic) {
        return new QueueData(brokerName, topic.readQueues(), topic.writeQueues(), topic.perm(), topic.sysFlag());
    }

    QueueData readAndWrite() {
        return new QueueData(brokerName, readQueues, writeQueues, Permission.READ | Permission.WRITE, sysFlag);
    }

    QueueData withoutWrite() {
        return new QueueData(brokerName, readQueues, writeQueues, perm & ~Permission.WRITE, sysFlag);
    }
}
