package io.posthorn.server.broker.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.protocol.RequestCode;
import io.posthorn.server.nameserver.Await;
import io.posthorn.server.nameserver.HandClock;
import io.posthorn.server.nameserver.NameServer;
import io.posthorn.server.nameserver.NameServerConfig;
import io.posthorn.server.nameserver.RawPeer;
import io.posthorn.server.route.TopicConfig;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A broker and its NameServers, over loopback sockets. */
class BrokerRegistrationTest {

    private static final String ADDRESS = "127.0.0.1:10911";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<TopicConfig> topics = new CopyOnWriteArrayList<>();
    private final HandClock clock = new HandClock();

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.push(resource);
        return resource;
    }

    private static TopicConfig topic(String name) {
        return new TopicConfig(name, 2, 1, 6);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private NameServer nameServer(int port) {
        return open(new NameServer(NameServerConfig.defaults().withListen(loopback(port)), Clock.system()));
    }

    private BrokerRegistration registration(Duration interval, long brokerId, InetSocketAddress... nameServers) {
        RegistrationConfig config = RegistrationConfig.of("c1", "a", brokerId, ADDRESS, List.of(nameServers))
                .withInterval(interval);
        return open(new BrokerRegistration(config, () -> new BrokerTopics(1, topics), clock));
    }

    private BrokerRegistration registration(InetSocketAddress... nameServers) {
        return registration(Duration.ofHours(1), 0, nameServers);
    }

    private static String route(InetSocketAddress nameServer, String topic) throws IOException {
        try (RawPeer peer = new RawPeer(nameServer)) {
            return peer.route(topic, 479);
        }
    }

    @Test
    void registersWithEveryNameServer() throws Exception {
        InetSocketAddress first = nameServer(0).start();
        InetSocketAddress second = nameServer(0).start();
        topics.add(topic("t"));
        BrokerRegistration registration = registration(first, second);
        assertEquals(0, registration.registeredWith());

        registration.start();

        Await.until("registered with both", () -> registration.registeredWith() == 2);
        String expected = "{\"brokerDatas\":[{\"brokerAddrs\":{\"0\":\"127.0.0.1:10911\"},\"brokerName\":\"a\","
                + "\"cluster\":\"c1\",\"enableActingMaster\":false}],\"filterServerTable\":{},\"queueDatas\":["
                + "{\"brokerName\":\"a\",\"perm\":6,\"readQueueNums\":2,\"topicSysFlag\":0,\"writeQueueNums\":1}]}";
        assertEquals(expected, route(first, "t"));
        assertEquals(expected, route(second, "t"));
        assertNotNull(route(first, "c1"), "the cluster is a topic too");
        assertNotNull(route(first, "a"), "and so is the broker");
        assertNull(route(first, "TBW102"), "without automatic creation there is no template");
    }

    @Test
    void theTemplateIsThereWithAutomaticCreation() throws Exception {
        InetSocketAddress address = nameServer(0).start();
        RegistrationConfig config =
                RegistrationConfig.of("c1", "a", 0, ADDRESS, List.of(address)).withAutoCreateTopics(true);
        BrokerRegistration registration =
                open(new BrokerRegistration(config, () -> new BrokerTopics(1, topics), clock));
        registration.start();
        Await.until("registered", () -> registration.registeredWith() == 1);
        assertTrue(route(address, "TBW102").contains("\"perm\":7"));
    }

    @Test
    void aChangeIsSeenAtOnce() throws Exception {
        InetSocketAddress address = nameServer(0).start();
        BrokerRegistration registration = registration(address);
        registration.start();
        Await.until("registered", () -> registration.registeredWith() == 1);
        assertNull(route(address, "new"));

        topics.add(topic("new"));
        registration.changed();

        Await.until("the route is there", () -> route(address, "new") != null);
    }

    @Test
    void aNameServerMayComeLater() throws Exception {
        NameServer placeholder = nameServer(0);
        int port = placeholder.start().getPort();
        placeholder.close();
        BrokerRegistration registration = registration(loopback(port));
        registration.start();
        topics.add(topic("t"));
        registration.changed();
        assertEquals(0, registration.registeredWith());

        nameServer(port).start();

        Await.until("registered", () -> registration.registeredWith() == 1);
        // The change may still have been under way when the first registration left.
        Await.until("the route is there", () -> route(loopback(port), "t") != null);
    }

    @Test
    void moreTopicsThanAFrameTakesGoInPieces() throws Exception {
        InetSocketAddress address = nameServer(0).start();
        int count = 2 * Announcement.TOPICS_PER_FRAME + 1;
        List<TopicConfig> many = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            many.add(topic("t" + i));
        }
        topics.addAll(many);
        BrokerRegistration registration = registration(Duration.ofMillis(50), 0, address);
        registration.start();
        Await.until("registered", () -> registration.registeredWith() == 1);
        assertNotNull(route(address, "t0"));
        assertNotNull(route(address, "t" + Announcement.TOPICS_PER_FRAME));
        assertNotNull(route(address, "t" + (count - 1)));

        // A change in an early piece and one in the last arrive, though all pieces but one have the same topics as
        // before.
        topics.set(0, new TopicConfig("t0", 7, 7, 6));
        topics.set(count - 1, new TopicConfig("t" + (count - 1), 7, 7, 6));
        Await.until("the first change", () -> route(address, "t0").contains("\"readQueueNums\":7"));
        Await.until("the last change", () -> route(address, "t" + (count - 1)).contains("\"readQueueNums\":7"));
    }

    @Test
    void aNameServerMayGoAndComeBack() throws Exception {
        NameServer first = nameServer(0);
        InetSocketAddress address = first.start();
        InetSocketAddress other = nameServer(0).start();
        topics.add(topic("t"));
        BrokerRegistration registration = registration(address, other);
        registration.start();
        Await.until("registered with both", () -> registration.registeredWith() == 2);

        first.close();
        Await.until("one is lost", () -> registration.registeredWith() == 1);
        topics.add(topic("meanwhile"));
        registration.changed();
        nameServer(address.getPort()).start();

        Await.until("registered with both again", () -> registration.registeredWith() == 2);
        assertNotNull(route(address, "t"));
        assertNotNull(route(address, "meanwhile"));
        Await.until("the other one knows too", () -> route(other, "meanwhile") != null);
    }

    @Test
    void anOrderlyEndSaysGoodbye() throws Exception {
        RecordingNameServer nameServer = open(new RecordingNameServer());
        BrokerRegistration registration = registration(nameServer.start());
        registration.start();
        assertEquals(RequestCode.REGISTER_BROKER, nameServer.next().request().code());
        Await.until("registered", () -> registration.registeredWith() == 1);

        registration.close();
        registration.close();

        RecordingNameServer.Call last = nameServer.next();
        assertEquals(RequestCode.UNREGISTER_BROKER, last.request().code());
        assertEquals(ADDRESS, last.request().ext().get("brokerAddr"));
        assertEquals("0", last.request().ext().get("brokerId"));
        Await.until(
                "its thread has ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("posthorn-registration")));
        registration.changed();
        assertEquals(0, nameServer.waiting());
    }

    @Test
    void theFirstRegistrationIsFullAndTheNextAnIncrement() throws Exception {
        RecordingNameServer nameServer = open(new RecordingNameServer());
        topics.add(topic("t"));
        BrokerRegistration registration = registration(nameServer.start());
        registration.start();
        RecordingNameServer.Call full = nameServer.next();
        assertTrue(full.table().topics().size() >= 3, "system topics come along, see rule 3");
        assertTrue(full.table().topics().contains(topic("t")));
        assertEquals(1, full.table().version().stateVersion());
        Await.until("registered", () -> registration.registeredWith() == 1);

        topics.add(topic("u"));
        topics.add(topic("v"));
        clock.advance(Duration.ofSeconds(1));
        registration.changed();

        RecordingNameServer.Call increment = nameServer.next();
        assertEquals(List.of(topic("u"), topic("v")), increment.table().topics());
        assertNotEquals(full.table().version(), increment.table().version());
        assertEquals(clock.wallMs(), increment.table().version().timestamp());
        registration.close();
        assertEquals(
                RequestCode.UNREGISTER_BROKER, nameServer.next().request().code(), "and nothing was sent in between");
    }

    @Test
    void aDeletedTopicIsDeletedEverywhereAfterTheRegistrationWithoutIt() throws Exception {
        RecordingNameServer first = open(new RecordingNameServer());
        RecordingNameServer second = open(new RecordingNameServer());
        topics.add(topic("t"));
        topics.add(topic("u"));
        BrokerRegistration registration = registration(first.start(), second.start());
        registration.start();
        Await.until("registered", () -> registration.registeredWith() == 2);

        topics.remove(topic("t"));
        registration.changed();

        for (RecordingNameServer nameServer : List.of(first, second)) {
            nameServer.next();
            assertEquals(List.of(), nameServer.next().table().topics(), "nothing new, but a new version");
            RecordingNameServer.Call deletion = nameServer.next();
            assertEquals(RequestCode.DELETE_TOPIC_IN_NAMESRV, deletion.request().code());
            assertEquals(
                    Map.of("topic", "t", "clusterName", "c1", "brokerName", "a"),
                    deletion.request().ext());
        }
        registration.close();
        assertEquals(RequestCode.UNREGISTER_BROKER, first.next().request().code(), "and nothing was sent in between");
    }

    @Test
    void aTopicThatIsThereAgainStays() throws Exception {
        RecordingNameServer nameServer = open(new RecordingNameServer());
        topics.add(topic("t"));
        BrokerRegistration registration = registration(nameServer.start());
        registration.start();
        Await.until("registered", () -> registration.registeredWith() == 1);
        nameServer.next();

        topics.remove(topic("t"));
        registration.changed();
        assertEquals(List.of(), nameServer.next().table().topics());
        topics.add(topic("t"));
        registration.changed();

        RecordingNameServer.Call next = nameServer.next();
        if (next.request().code() == RequestCode.DELETE_TOPIC_IN_NAMESRV) {
            next = nameServer.next();
        }
        assertEquals(List.of(topic("t")), next.table().topics());
        registration.close();
        assertEquals(RequestCode.UNREGISTER_BROKER, nameServer.next().request().code(), "no deletion after that");
    }

    @Test
    void aSlaveDeletesNothing() throws Exception {
        RecordingNameServer nameServer = open(new RecordingNameServer());
        topics.add(topic("t"));
        BrokerRegistration registration = registration(Duration.ofHours(1), 1, nameServer.start());
        registration.start();
        Await.until("registered", () -> registration.registeredWith() == 1);
        nameServer.next();

        topics.clear();
        registration.changed();

        assertEquals(List.of(), nameServer.next().table().topics());
        registration.close();
        assertEquals(RequestCode.UNREGISTER_BROKER, nameServer.next().request().code());
    }

    @Test
    void whatWasDeletedWhileANameServerWasAwayIsDeletedWhenItIsBack() throws Exception {
        InetSocketAddress address = nameServer(0).start();
        try (RawPeer slave = new RawPeer(address)) {
            topics.add(topic("t"));
            BrokerRegistration registration = registration(Duration.ofMillis(50), 0, address);
            registration.start();
            Await.until("registered", () -> registration.registeredWith() == 1);
            String body = "{\"topicConfigSerializeWrapper\":{\"topicConfigTable\":{},\"dataVersion\":{}}}";
            slave.ask(
                    103,
                    479,
                    "\"brokerName\":\"a\",\"brokerAddr\":\"127.0.0.1:5000\",\"clusterName\":\"c1\","
                            + "\"haServerAddr\":\"127.0.0.1:5001\",\"brokerId\":\"1\"",
                    body);
            // Behind its back the broker is removed; so the NameServer is like one that it has lost.
            try (RawPeer thief = new RawPeer(address)) {
                thief.ask(
                        104,
                        479,
                        "\"brokerName\":\"a\",\"brokerAddr\":\"" + ADDRESS + "\",\"clusterName\":\"c1\","
                                + "\"brokerId\":\"0\"",
                        "");
            }
            assertNotNull(route(address, "t"), "the Slave keeps the group's topics");
            topics.clear();
            Await.until("the topic is deleted", () -> route(address, "t") == null);
        }
    }

    @Test
    void changesDuringARegistrationGoTogetherInTheNext() throws Exception {
        RecordingNameServer nameServer = open(new RecordingNameServer());
        BrokerRegistration registration = registration(nameServer.start());
        nameServer.holdAnswers(true);
        registration.start();
        RecordingNameServer.Call first = nameServer.next();
        for (int i = 0; i < 100; i++) {
            topics.add(topic("t" + i));
            registration.changed();
        }
        nameServer.holdAnswers(false);
        nameServer.answer(first);

        // Two at most: one when the answer came, and one if the last changes were still being collected then.
        int announced = nameServer.next().table().topics().size();
        if (announced < 100) {
            announced += nameServer.next().table().topics().size();
        }
        assertEquals(100, announced);
    }

    @Test
    void theIntervalRepeatsAllTopics() throws Exception {
        RecordingNameServer nameServer = open(new RecordingNameServer());
        topics.add(topic("t"));
        BrokerRegistration registration = registration(Duration.ofMillis(20), 0, nameServer.start());
        registration.start();
        RecordingNameServer.Call first = nameServer.next();
        for (int i = 0; i < 3; i++) {
            assertEquals(first.table(), nameServer.next().table(), "unchanged, so with the same version");
        }
    }

    @Test
    void aRefusalIsRepeatedInFull() throws Exception {
        RecordingNameServer nameServer = open(new RecordingNameServer());
        nameServer.refuse(2);
        topics.add(topic("t"));
        BrokerRegistration registration = registration(nameServer.start());
        registration.start();

        RecordingNameServer.Call first = nameServer.next();
        assertEquals(first.table(), nameServer.next().table());
        assertEquals(first.table(), nameServer.next().table());
        Await.until("registered", () -> registration.registeredWith() == 1);
    }

    @Test
    void aSlaveLearnsItsMaster() throws Exception {
        InetSocketAddress address = nameServer(0).start();
        try (RawPeer master = new RawPeer(address)) {
            master.ask(
                    103,
                    479,
                    "\"brokerName\":\"a\",\"brokerAddr\":\"127.0.0.1:5000\",\"clusterName\":\"c1\","
                            + "\"haServerAddr\":\"127.0.0.1:5001\",\"brokerId\":\"0\"",
                    "");
            BrokerRegistration slave = registration(Duration.ofHours(1), 1, address);
            slave.start();
            Await.until("registered", () -> slave.registeredWith() == 1);
            assertEquals("127.0.0.1:5000", slave.masterAddress());
        }
    }

    @Test
    void aFailingSupplierIsAskedAgain() throws Exception {
        InetSocketAddress address = nameServer(0).start();
        boolean[] failed = {false};
        RegistrationConfig config = RegistrationConfig.of("c1", "a", 0, ADDRESS, List.of(address));
        BrokerRegistration registration = open(new BrokerRegistration(
                config.withInterval(Duration.ofMillis(20)),
                () -> {
                    if (!failed[0]) {
                        failed[0] = true;
                        throw new IllegalStateException("not yet");
                    }
                    return new BrokerTopics(1, List.of(topic("t")));
                },
                clock));
        registration.start();
        Await.until("the route is there", () -> route(address, "t") != null);
    }
}
