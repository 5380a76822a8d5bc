package io.posthorn.server.nameserver;

import java.util.List;

/** Where a topic lies: its queues by broker group, and those groups' addresses. Both sorted by broker name. */
record Route(List<QueueData> queues, List<BrokerData> brokers) {}
