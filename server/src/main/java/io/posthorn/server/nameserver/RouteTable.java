package io.posthorn.server.nameserver;

import io.posthorn.server.nameserver.RegistrationResult.Outcome;
import io.posthorn.server.route.BrokerIdentity;
import io.posthorn.server.route.DataVersion;
import io.posthorn.server.route.TopicConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that a NameServer knows: which brokers live, and which topics lie on which group. It follows the seven rules of
 * RocketMQ's NameServer to the letter, since genuine brokers rely on them.
 *
 * <p>Called by every event loop and by the scan's thread; one lock guards everything, and no call blocks or does I/O.
 * Time comes in as an argument. Nothing here outlives the process: brokers register again within 30 s.
 *
 * @param <C> the type of a broker's connection; only its identity counts
 */
final class RouteTable<C> {

    private record BrokerKey(String cluster, String address) {
        static BrokerKey of(BrokerIdentity broker) {
            return new BrokerKey(broker.cluster(), broker.address());
        }
    }

    private final TopicQueues topics = new TopicQueues();

    /** broker name → group; no group is empty. */
    private final SortedMap<String, BrokerGroup> groups = new TreeMap<>();

    /** cluster → broker names; no set is empty. */
    private final SortedMap<String, SortedSet<String>> clusters = new TreeMap<>();

    private final Map<BrokerKey, LiveBroker<C>> live = new HashMap<>();

    /**
     * Takes a registration in, and counts it as a sign of life on this connection.
     *
     * @param nowNs monotonic time
     */
    synchronized RegistrationResult register(Registration registration, C connection, long nowNs) {
        BrokerIdentity broker = registration.broker();
        BrokerGroup known = groups.get(broker.brokerName());
        BrokerGroup group = known != null ? known : new BrokerGroup(broker.cluster(), broker.brokerName());
        group.forgetOtherIds(broker);
        if (isOutranked(registration, group)) {
            live.remove(BrokerKey.of(broker));
            return RegistrationResult.of(Outcome.IGNORED);
        }
        if (group.address(broker.brokerId()) == null
                && registration.topics().topics().size() == 1) {
            dropIfEmpty(group);
            return RegistrationResult.of(Outcome.REFUSED);
        }
        groups.put(broker.brokerName(), group);
        clusters.computeIfAbsent(broker.cluster(), name -> new TreeSet<>()).add(broker.brokerName());
        boolean first = group.put(registration);
        if (publishesTopics(registration, group)) {
            updateTopics(registration, group, first);
        }
        live.put(
                BrokerKey.of(broker),
                new LiveBroker<>(
                        broker,
                        connection,
                        nowNs,
                        registration.timeoutMs(),
                        registration.topics().version(),
                        registration.haServerAddress()));
        return broker.isMaster() ? RegistrationResult.of(Outcome.ACCEPTED) : withMaster(broker, group);
    }

    /** Removes a broker at its own wish; an unknown one is no error. */
    synchronized void unregister(BrokerIdentity broker) {
        remove(broker);
    }

    /** Removes every broker that last spoke on this connection. */
    synchronized List<BrokerIdentity> disconnected(C connection) {
        List<BrokerIdentity> gone = new ArrayList<>();
        for (LiveBroker<C> entry : live.values()) {
            if (entry.connection() == connection) {
                gone.add(entry.broker());
            }
        }
        gone.forEach(this::remove);
        return gone;
    }

    /** Removes every broker that has been silent for longer than its time-out, and returns them. */
    synchronized List<LiveBroker<C>> expire(long nowNs) {
        List<LiveBroker<C>> silent = new ArrayList<>();
        for (LiveBroker<C> entry : live.values()) {
            if (entry.isSilent(nowNs)) {
                silent.add(entry);
            }
        }
        silent.forEach(entry -> remove(entry.broker()));
        return silent;
    }

    /** The version of the last registration of the broker at this address, if it lives; counts as a sign of life. */
    synchronized Optional<DataVersion> heardFrom(String cluster, String address, long nowNs) {
        LiveBroker<C> entry =
                live.computeIfPresent(new BrokerKey(cluster, address), (key, value) -> value.heardAgain(nowNs));
        return Optional.ofNullable(entry).map(LiveBroker::version);
    }

    /** Where this topic lies; empty if it is unknown or all its brokers are gone. */
    synchronized Optional<Route> route(String topic) {
        SortedMap<String, QueueData> queues = topics.of(topic);
        if (queues.isEmpty()) {
            return Optional.empty();
        }
        List<BrokerData> brokers = new ArrayList<>(queues.size());
        for (String brokerName : queues.keySet()) {
            brokers.add(groups.get(brokerName).toData());
        }
        return Optional.of(new Route(List.copyOf(queues.values()), brokers));
    }

    /** The names of all topics, sorted. */
    synchronized List<String> topics() {
        return topics.names();
    }

    /** The names of the topics on this cluster's groups, sorted; empty for an unknown cluster. */
    synchronized List<String> topicsOfCluster(String cluster) {
        return topics.namesOn(members(cluster));
    }

    /**
     * Adds a topic to groups that are registered; an entry for another is left out.
     *
     * @param queues one entry for each group
     */
    synchronized void addTopic(String topic, List<QueueData> queues) {
        for (QueueData data : queues) {
            if (groups.containsKey(data.brokerName())) {
                topics.put(topic, data);
            }
        }
    }

    /**
     * Forgets a topic, until a broker registers it again; an unknown one is no error.
     *
     * @param clusterOrNull only on this cluster's groups
     * @param brokerNameOrNull only on this group
     */
    synchronized void deleteTopic(String topic, String clusterOrNull, String brokerNameOrNull) {
        if (brokerNameOrNull != null) {
            topics.remove(topic, List.of(brokerNameOrNull));
        } else if (clusterOrNull != null) {
            topics.remove(topic, members(clusterOrNull));
        } else {
            topics.remove(topic);
        }
    }

    /**
     * Takes the permission to write from all topics of a group, or gives it. It lasts until the group's topics are registered with
     * another version.
     *
     * @return the number of topics; 0 for an unknown group
     */
    synchronized int permitWrite(String brokerName, boolean permitted) {
        return topics.change(brokerName, permitted ? QueueData::readAndWrite : QueueData::withoutWrite);
    }

    /** The group of this name with the brokers that live now. */
    synchronized Optional<BrokerData> group(String brokerName) {
        return Optional.ofNullable(groups.get(brokerName)).map(BrokerGroup::toData);
    }

    private SortedSet<String> members(String cluster) {
        return clusters.getOrDefault(cluster, new TreeSet<>());
    }

    synchronized ClusterInfo clusterInfo() {
        List<BrokerData> brokers = new ArrayList<>(groups.size());
        groups.values().forEach(group -> brokers.add(group.toData()));
        SortedMap<String, List<String>> names = new TreeMap<>();
        clusters.forEach((cluster, members) -> names.put(cluster, List.copyOf(members)));
        return new ClusterInfo(brokers, names);
    }

    /** Rule 2: the id is held by another address that lives with a higher state version. */
    private boolean isOutranked(Registration registration, BrokerGroup group) {
        BrokerIdentity broker = registration.broker();
        String holder = group.address(broker.brokerId());
        if (holder == null || holder.equals(broker.address())) {
            return false;
        }
        LiveBroker<C> entry = live.get(new BrokerKey(broker.cluster(), holder));
        return entry != null
                && entry.version().stateVersion()
                        > registration.topics().version().stateVersion();
    }

    /** Rule 4: the Master, or the lowest Slave if it knows the notion of an acting Master. */
    private static boolean publishesTopics(Registration registration, BrokerGroup group) {
        BrokerIdentity broker = registration.broker();
        return broker.isMaster() || registration.actingMaster() != null && group.isLowestId(broker.brokerId());
    }

    /** Rules 5 and 6. Topics that the table lacks stay, for the table may be an increment. */
    private void updateTopics(Registration registration, BrokerGroup group, boolean first) {
        BrokerIdentity broker = registration.broker();
        LiveBroker<C> before = live.get(BrokerKey.of(broker));
        boolean changed = first
                || before == null
                || !before.version().equals(registration.topics().version());
        boolean readOnly = !broker.isMaster() && group.actingMaster();
        for (TopicConfig topic : registration.topics().topics()) {
            if (changed || !topics.has(topic.name(), broker.brokerName())) {
                QueueData data = QueueData.of(broker.brokerName(), topic);
                topics.put(topic.name(), readOnly ? data.withoutWrite() : data);
            }
        }
    }

    private RegistrationResult withMaster(BrokerIdentity slave, BrokerGroup group) {
        String address = group.address(BrokerIdentity.MASTER_ID);
        LiveBroker<C> master = address == null ? null : live.get(new BrokerKey(slave.cluster(), address));
        return master == null
                ? RegistrationResult.of(Outcome.ACCEPTED)
                : new RegistrationResult(Outcome.ACCEPTED, address, master.haServerAddress());
    }

    private void remove(BrokerIdentity broker) {
        live.remove(BrokerKey.of(broker));
        BrokerGroup group = groups.get(broker.brokerName());
        if (group == null) {
            return;
        }
        group.remove(broker.address());
        if (!dropIfEmpty(group) && group.actingMaster() && !group.hasMaster()) {
            topics.change(group.brokerName(), QueueData::withoutWrite);
        }
    }

    private boolean dropIfEmpty(BrokerGroup group) {
        if (!group.isEmpty()) {
            return false;
        }
        String brokerName = group.brokerName();
        groups.remove(brokerName);
        removeMember(clusters.values().iterator(), brokerName);
        topics.removeBroker(brokerName);
        return true;
    }

    private static void removeMember(Iterator<SortedSet<String>> all, String brokerName) {
        while (all.hasNext()) {
            SortedSet<String> members = all.next();
            members.remove(brokerName);
            if (members.isEmpty()) {
                all.remove();
            }
        }
    }
}
