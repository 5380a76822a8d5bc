package io.posthorn.server.nameserver;

import java.util.List;
import java.util.SortedMap;

/** All broker groups, and the names of those of each cluster; sorted by name. */
record ClusterInfo(List<BrokerData> brokers, SortedMap<String, List<String>> clusters) {}
