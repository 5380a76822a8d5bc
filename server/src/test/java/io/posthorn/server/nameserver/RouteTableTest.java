package io.posthorn.server.nameserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.nameserver.RegistrationResult.Outcome;
import io.posthorn.server.route.BrokerIdentity;
import io.posthorn.server.route.DataVersion;
import io.posthorn.server.route.TopicConfig;
import io.posthorn.server.route.TopicTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The seven rules of registration, unregistration, liveness, and what clients see of them. */
class RouteTableTest {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final DataVersion V1 = new DataVersion(1, 1_000, 1);
    private static final DataVersion V2 = new DataVersion(1, 2_000, 2);

    private final RouteTable<Object> table = new RouteTable<>();
    private final Object wire = new Object();

    private static BrokerIdentity broker(long id, int port) {
        return new BrokerIdentity("c1", "a", id, "10.0.0.1:" + port);
    }

    private static TopicConfig topic(String name) {
        return new TopicConfig(name, 4, 3, 6);
    }

    private static Registration registration(
            BrokerIdentity broker, Boolean acting, DataVersion version, TopicConfig... topics) {
        return new Registration(
                broker, "ha-" + broker.address(), 120_000, acting, null, new TopicTable(version, List.of(topics)));
    }

    private RegistrationResult register(BrokerIdentity broker, DataVersion version, TopicConfig... topics) {
        return table.register(registration(broker, null, version, topics), wire, 0);
    }

    private RegistrationResult registerActing(BrokerIdentity broker, DataVersion version, TopicConfig... topics) {
        return table.register(registration(broker, true, version, topics), wire, 0);
    }

    private BrokerData group(String topic) {
        return table.route(topic).orElseThrow().brokers().get(0);
    }

    private QueueData queues(String topic) {
        return table.route(topic).orElseThrow().queues().get(0);
    }

    @Test
    void aRegisteredTopicHasARoute() {
        assertEquals(
                Outcome.ACCEPTED,
                register(broker(0, 1), V1, topic("t"), topic("u")).outcome());

        Route route = table.route("t").orElseThrow();
        assertEquals(List.of(new QueueData("a", 4, 3, 6, 0)), route.queues());
        assertEquals(1, route.brokers().size());
        assertEquals("c1", route.brokers().get(0).cluster());
        assertEquals(Map.of(0L, "10.0.0.1:1"), route.brokers().get(0).addresses());
        assertEquals(Optional.empty(), table.route("unknown"));
    }

    @Test
    void aTopicOnTwoGroupsIsOneRoute() {
        register(broker(0, 1), V1, topic("t"), topic("u"));
        register(new BrokerIdentity("c1", "b", 0, "10.0.0.2:1"), V1, topic("t"), topic("w"));

        assertEquals(
                List.of("a", "b"),
                table.route("t").orElseThrow().queues().stream()
                        .map(QueueData::brokerName)
                        .toList());
        assertEquals(Map.of("c1", List.of("a", "b")), table.clusterInfo().clusters());
    }

    @Test
    void rule1ARoleSwitchRemovesTheFormerId() {
        register(broker(1, 1), V1, topic("t"), topic("u"));
        register(broker(0, 1), V1, topic("t"), topic("u"));

        assertEquals(Map.of(0L, "10.0.0.1:1"), group("t").addresses());
    }

    @Test
    void rule2AnOutrankedRegistrationIsIgnored() {
        DataVersion older = new DataVersion(4, 9_000, 9);
        DataVersion newer = new DataVersion(5, 1_000, 1);
        register(broker(0, 1), newer, topic("t"), topic("u"));

        assertEquals(
                Outcome.IGNORED,
                register(broker(0, 2), older, topic("w"), topic("x")).outcome());
        assertEquals(Map.of(0L, "10.0.0.1:1"), group("t").addresses());
        assertEquals(Optional.empty(), table.route("w"));
        assertEquals(Optional.empty(), table.heardFrom("c1", "10.0.0.1:2", 0));
    }

    @Test
    void rule2AnEqualOrHigherStateVersionTakesTheIdOver() {
        register(broker(0, 1), V1, topic("t"), topic("u"));

        assertEquals(
                Outcome.ACCEPTED,
                register(broker(0, 2), V2, topic("t"), topic("u")).outcome());
        assertEquals(Map.of(0L, "10.0.0.1:2"), group("t").addresses());
    }

    @Test
    void rule3AnUnknownBrokerWithOneTopicIsRefused() {
        assertEquals(Outcome.REFUSED, register(broker(0, 1), V1, topic("t")).outcome());
        assertEquals(Optional.empty(), table.route("t"));
        assertTrue(table.clusterInfo().brokers().isEmpty());
        assertTrue(table.clusterInfo().clusters().isEmpty());
    }

    @Test
    void rule3NoTopicAndTwoTopicsAreAccepted() {
        assertEquals(Outcome.ACCEPTED, register(broker(0, 1), V1).outcome());
        assertEquals(
                Outcome.ACCEPTED,
                register(new BrokerIdentity("c1", "b", 0, "10.0.0.2:1"), V1, topic("t"), topic("u"))
                        .outcome());
    }

    @Test
    void rule3AKnownBrokerMayAddOneTopic() {
        register(broker(0, 1), V1, topic("t"), topic("u"));

        assertEquals(Outcome.ACCEPTED, register(broker(0, 1), V2, topic("w")).outcome());
        assertTrue(table.route("w").isPresent());
        assertTrue(table.route("t").isPresent(), "an increment removes nothing");
    }

    @Test
    void rule4ASlavePublishesNothingWhileTheMasterIsThere() {
        register(broker(0, 1), V1, topic("t"), topic("u"));
        registerActing(broker(1, 2), V1, topic("t"), topic("extra"));

        assertEquals(Optional.empty(), table.route("extra"));
        assertEquals(Map.of(0L, "10.0.0.1:1", 1L, "10.0.0.1:2"), group("t").addresses());
    }

    @Test
    void rule4OnlyTheLowestSlaveThatKnowsActingMastersPublishes() {
        register(broker(2, 2), V1, topic("old"), topic("u"));
        assertEquals(Optional.empty(), table.route("old"));

        Registration knows = registration(broker(2, 2), false, V2, topic("t"), topic("u"));
        table.register(knows, wire, 0);
        assertEquals(6, queues("t").perm(), "knowing the notion is enough, the write bit stays without it");

        registerActing(broker(3, 3), V1, topic("higher"), topic("u"));
        assertEquals(Optional.empty(), table.route("higher"));
    }

    @Test
    void rule5TheSameVersionChangesNothing() {
        register(broker(0, 1), V1, topic("t"), topic("u"));
        register(broker(0, 1), V1, new TopicConfig("t", 9, 9, 6), topic("new"));

        assertEquals(4, queues("t").readQueues());
        assertTrue(table.route("new").isPresent(), "a topic without an entry is taken in");
    }

    @Test
    void rule5AnotherVersionReplacesAndKeepsTheMissing() {
        register(broker(0, 1), V1, topic("t"), topic("u"));
        register(broker(0, 1), V2, new TopicConfig("t", 9, 8, 4), topic("w"));

        assertEquals(new QueueData("a", 9, 8, 4, 0), queues("t"));
        assertTrue(table.route("u").isPresent());
    }

    @Test
    void rule6APrimeSlavesTopicsCannotBeWritten() {
        registerActing(broker(1, 1), V1, topic("t"), topic("u"));

        assertEquals(4, queues("t").perm());
        assertTrue(group("t").actingMaster());
    }

    @Test
    void rule7EveryRegistrationRefreshesAndBindsTheConnection() {
        Object second = new Object();
        register(broker(0, 1), V1, topic("t"), topic("u"));
        table.register(registration(broker(0, 1), null, V1, topic("t"), topic("u")), second, 100 * SECOND_NS);

        assertTrue(table.expire(220 * SECOND_NS).isEmpty());
        assertTrue(table.disconnected(wire).isEmpty(), "the former connection no longer counts");
        assertTrue(table.route("t").isPresent());
        assertEquals(List.of(broker(0, 1)), table.disconnected(second));
        assertEquals(Optional.empty(), table.route("t"));
    }

    @Test
    void aSlaveHearsOfItsMaster() {
        RegistrationResult alone = registerActing(broker(1, 2), V1, topic("t"), topic("u"));
        assertNull(alone.masterAddress());

        assertNull(register(broker(0, 1), V1, topic("t"), topic("u")).masterAddress());
        RegistrationResult result = registerActing(broker(1, 2), V1, topic("t"), topic("u"));
        assertEquals("10.0.0.1:1", result.masterAddress());
        assertEquals("ha-10.0.0.1:1", result.haServerAddress());
    }

    @Test
    void theLastBrokerOfAGroupTakesItsTopicsAlong() {
        register(broker(0, 1), V1, topic("t"), topic("u"));
        register(new BrokerIdentity("c1", "b", 0, "10.0.0.2:1"), V1, topic("t"), topic("w"));

        table.unregister(broker(0, 1));

        assertEquals(
                List.of(new QueueData("b", 4, 3, 6, 0)),
                table.route("t").orElseThrow().queues());
        assertEquals(Optional.empty(), table.route("u"));
        assertEquals(Map.of("c1", List.of("b")), table.clusterInfo().clusters());
        table.unregister(new BrokerIdentity("c1", "b", 0, "10.0.0.2:1"));
        assertTrue(table.clusterInfo().clusters().isEmpty());
        assertTrue(table.clusterInfo().brokers().isEmpty());
    }

    @Test
    void topicsStayWhenOnlyTheMasterGoes() {
        register(broker(0, 1), V1, topic("t"), topic("u"));
        register(broker(1, 2), V1, topic("t"), topic("u"));

        table.unregister(broker(0, 1));

        assertEquals(Map.of(1L, "10.0.0.1:2"), group("t").addresses());
        assertEquals(6, queues("t").perm());
    }

    @Test
    void withAnActingMasterTheLostMastersTopicsLoseTheWriteBit() {
        registerActing(broker(0, 1), V1, topic("t"), topic("u"));
        registerActing(broker(1, 2), V1, topic("t"), topic("u"));
        assertEquals(6, queues("t").perm());

        table.unregister(broker(0, 1));

        assertEquals(4, queues("t").perm());
    }

    @Test
    void silenceBeyondTheTimeOutRemovesABroker() {
        register(broker(0, 1), V1, topic("t"), topic("u"));

        assertTrue(table.expire(120 * SECOND_NS).isEmpty());
        List<LiveBroker<Object>> silent = table.expire(120 * SECOND_NS + 1_000_000);
        assertEquals(1, silent.size());
        assertEquals(broker(0, 1), silent.get(0).broker());
        assertEquals(wire, silent.get(0).connection());
        assertEquals(Optional.empty(), table.route("t"));
        assertTrue(table.disconnected(wire).isEmpty());
    }

    @Test
    void askingForTheVersionIsASignOfLife() {
        register(broker(0, 1), V1, topic("t"), topic("u"));

        assertEquals(Optional.of(V1), table.heardFrom("c1", "10.0.0.1:1", 100 * SECOND_NS));
        assertTrue(table.expire(200 * SECOND_NS).isEmpty());
        assertEquals(Optional.empty(), table.heardFrom("c1", "10.0.0.1:9", 0));
    }

    @Test
    void aTimeOutOfForeverNeverExpires() {
        table.register(
                new Registration(
                        broker(0, 1),
                        "ha",
                        Long.MAX_VALUE,
                        null,
                        null,
                        new TopicTable(V1, List.of(topic("t"), topic("u")))),
                wire,
                0);

        assertTrue(table.expire(Long.MAX_VALUE).isEmpty());
    }

    /** All orders of: Master registers, Slave registers, Master's wire drops, Slave unregisters. */
    @Test
    void inEveryOrderOfEventsARouteNamesLivingBrokersOnly() {
        for (List<Integer> order : permutations(List.of(0, 1, 2, 3))) {
            RouteTable<Object> each = new RouteTable<>();
            Object masterWire = new Object();
            boolean master = false;
            boolean slave = false;
            for (int event : order) {
                switch (event) {
                    case 0 -> {
                        each.register(registration(broker(0, 1), null, V1, topic("t"), topic("u")), masterWire, 0);
                        master = true;
                    }
                    case 1 -> {
                        each.register(registration(broker(1, 2), null, V1, topic("t"), topic("u")), wire, 0);
                        slave = true;
                    }
                    case 2 -> {
                        each.disconnected(masterWire);
                        master = false;
                    }
                    default -> {
                        each.unregister(broker(1, 2));
                        slave = false;
                    }
                }
                List<Long> ids = new ArrayList<>();
                each.clusterInfo()
                        .brokers()
                        .forEach(data -> ids.addAll(data.addresses().keySet()));
                assertEquals(master, ids.contains(0L), () -> "order " + order);
                assertEquals(slave, ids.contains(1L), () -> "order " + order);
                if (!master && !slave) {
                    assertFalse(each.route("t").isPresent(), () -> "order " + order);
                }
            }
        }
    }

    private static List<List<Integer>> permutations(List<Integer> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (Integer first : items) {
            List<Integer> rest = new ArrayList<>(items);
            rest.remove(first);
            for (List<Integer> tail : permutations(rest)) {
                List<Integer> one = new ArrayList<>(List.of(first));
                one.addAll(tail);
                all.add(one);
            }
        }
        return all;
    }
}
