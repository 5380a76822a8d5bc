package io.posthorn.server.nameserver;

import java.util.SortedMap;

/**
 * A broker group as clients see it. Immutable.
 *
 * @param addresses broker id → {@code ip:port}; not empty
 * @param actingMaster whether its prime Slave may stand in for a lost Master
 * @param zone its zone, or null
 */
record BrokerData(
        String cluster, String brokerName, SortedMap<Long, String> addresses, boolean actingMaster, String zone) {}
