package io.posthorn.server.nameserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The NameServer as foreign brokers and clients see it: bytes on a socket. */
class NameServerTest {

    private static final int NEW_CLIENT = 479;
    private static final int GO_CLIENT = 317;

    private static final String BROKER = "\"brokerName\":\"a\",\"brokerAddr\":\"127.0.0.1:5000\","
            + "\"clusterName\":\"c1\",\"haServerAddr\":\"127.0.0.1:5001\",\"brokerId\":\"0\"";

    private static final String TOPICS = "{\"topicConfigSerializeWrapper\":{\"topicConfigTable\":{"
            + "\"T1\":{\"topicName\":\"T1\",\"readQueueNums\":4,\"writeQueueNums\":3,\"perm\":6,"
            + "\"topicFilterType\":\"SINGLE_TAG\",\"topicSysFlag\":0,\"order\":false,\"attributes\":{}},"
            + "\"T2\":{\"topicName\":\"T2\",\"readQueueNums\":1,\"writeQueueNums\":1,\"perm\":6,"
            + "\"topicFilterType\":\"SINGLE_TAG\",\"topicSysFlag\":0,\"order\":false,\"attributes\":{}}},"
            + "\"dataVersion\":{\"counter\":1,\"stateVersion\":0,\"timestamp\":1700000000000}},\"filterServerList\":[]}";

    private static final String QUEUES = "\"filterServerTable\":{},\"queueDatas\":[{\"brokerName\":\"a\",\"perm\":6,"
            + "\"readQueueNums\":4,\"topicSysFlag\":0,\"writeQueueNums\":3}]}";

    private static final String STANDARD_ROUTE = "{\"brokerDatas\":[{\"brokerAddrs\":{\"0\":\"127.0.0.1:5000\"},"
            + "\"brokerName\":\"a\",\"cluster\":\"c1\",\"enableActingMaster\":false}]," + QUEUES;

    private static final String UNQUOTED_ROUTE = "{\"brokerDatas\":[{\"brokerAddrs\":{0:\"127.0.0.1:5000\"},"
            + "\"brokerName\":\"a\",\"cluster\":\"c1\",\"enableActingMaster\":false}]," + QUEUES;

    private final HandClock clock = new HandClock();
    private NameServer nameServer;
    private InetSocketAddress address;
    private RawPeer broker;
    private RawPeer client;

    @BeforeEach
    void start() throws IOException {
        NameServerConfig config = NameServerConfig.defaults()
                .withListen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withScanInterval(Duration.ofMillis(10));
        nameServer = new NameServer(config, clock);
        address = nameServer.start();
        broker = new RawPeer(address);
        client = new RawPeer(address);
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
        client.close();
        nameServer.close();
    }

    /** Instead of the one that is running. */
    private void startWith(NameServerConfig config) throws IOException {
        broker.close();
        client.close();
        nameServer.close();
        nameServer = new NameServer(
                config.withListen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withScanInterval(Duration.ofMillis(10)),
                clock);
        address = nameServer.start();
        broker = new RawPeer(address);
        client = new RawPeer(address);
    }

    private RawPeer.Answer asked(int code, String ext, String body) throws IOException {
        RawPeer.Answer answer = client.ask(code, NEW_CLIENT, ext, body);
        assertAnswered(0, answer);
        return answer;
    }

    private static void assertExt(String field, String value, RawPeer.Answer answer) {
        assertTrue(answer.header().contains("\"" + field + "\":\"" + value + "\""), answer::header);
    }

    private void registered() throws IOException {
        assertAnswered(0, broker.ask(103, NEW_CLIENT, BROKER, TOPICS));
    }

    private static void assertAnswered(int code, RawPeer.Answer answer) {
        assertTrue(answer.hasCode(code), answer::header);
        assertTrue(answer.header().contains("\"opaque\":7"), answer::header);
        assertTrue(answer.header().contains("\"flag\":1"), answer::header);
    }

    @Test
    void aNewClientGetsStandardJson() throws IOException {
        registered();
        assertEquals(STANDARD_ROUTE, client.route("T1", NEW_CLIENT));
        assertEquals(STANDARD_ROUTE, client.route("T1", 401));
    }

    @Test
    void anOldOrGoClientGetsBareNumbersAsKeys() throws IOException {
        registered();
        assertEquals(UNQUOTED_ROUTE, client.route("T1", GO_CLIENT));
        assertEquals(UNQUOTED_ROUTE, client.route("T1", 400));
        RawPeer.Answer asked = client.ask(105, GO_CLIENT, "\"topic\":\"T1\",\"acceptStandardJsonOnly\":\"true\"", "");
        assertEquals(STANDARD_ROUTE, asked.body());
    }

    @Test
    void aBinaryRequestGetsABinaryAnswer() throws IOException {
        registered();
        byte[] header = HexFormat.of()
                .parseHex("0069" + "00" + "01df" + "00000007" + "00000000" + "00000000" + "0000000d" + "0005"
                        + HexFormat.of().formatHex("topic".getBytes(StandardCharsets.US_ASCII)) + "00000002" + "5431");
        client.write(1, header, new byte[0]);

        RawPeer.Answer answer = client.read();
        assertEquals(1, answer.type());
        assertEquals("0000", HexFormat.of().formatHex(answer.rawHeader(), 0, 2), "code 0");
        assertEquals("00000007", HexFormat.of().formatHex(answer.rawHeader(), 5, 9), "opaque");
        assertEquals("00000001", HexFormat.of().formatHex(answer.rawHeader(), 9, 13), "response bit");
        assertEquals(STANDARD_ROUTE, answer.body());
    }

    @Test
    void theClustersAreTold() throws IOException {
        registered();
        assertEquals(
                "{\"brokerAddrTable\":{\"a\":{\"brokerAddrs\":{0:\"127.0.0.1:5000\"},\"brokerName\":\"a\","
                        + "\"cluster\":\"c1\",\"enableActingMaster\":false}},\"clusterAddrTable\":{\"c1\":[\"a\"]}}",
                client.ask(106, NEW_CLIENT, "", "").body());
    }

    @Test
    void topicsAreListed() throws IOException {
        assertEquals("{\"topicList\":[]}", asked(206, "", "").body());
        assertEquals("{\"topicList\":[]}", asked(304, "", "").body());
        registered();
        assertEquals("{\"topicList\":[\"T1\",\"T2\"]}", asked(206, "", "").body());
        assertEquals(
                "{\"topicList\":[\"T1\",\"T2\"]}",
                asked(224, "\"cluster\":\"c1\"", "").body());
        assertEquals("{\"topicList\":[]}", asked(224, "\"cluster\":\"c2\"", "").body());
        assertEquals(
                "{\"brokerAddr\":\"127.0.0.1:5000\",\"topicList\":[\"c1\",\"a\"]}",
                asked(304, "", "").body());
        for (int units : new int[] {311, 312, 313}) {
            assertEquals("{\"topicList\":[]}", asked(units, "", "").body());
        }
    }

    @Test
    void theMembersOfAGroupAreTold() throws IOException {
        registered();
        assertEquals(
                "{\"brokerMemberGroup\":{\"brokerAddrs\":{0:\"127.0.0.1:5000\"},\"brokerName\":\"a\",\"cluster\":\"c1\"}}",
                asked(901, "\"clusterName\":\"c1\",\"brokerName\":\"a\"", "").body());
        assertEquals(
                "{\"brokerMemberGroup\":{\"brokerAddrs\":{},\"brokerName\":\"z\",\"cluster\":\"c1\"}}",
                asked(901, "\"clusterName\":\"c1\",\"brokerName\":\"z\"", "").body());
    }

    @Test
    void aTopicIsDeletedEverywhereInAClusterOrOnAGroup() throws IOException {
        String b = BROKER.replace("\"a\"", "\"b\"").replace("5000", "7000").replace("\"c1\"", "\"c2\"");
        registered();
        assertAnswered(0, broker.ask(103, NEW_CLIENT, b, TOPICS));

        asked(216, "\"topic\":\"T1\",\"clusterName\":\"c1\"", "");
        assertFalse(client.route("T1", NEW_CLIENT).contains("127.0.0.1:5000"));
        assertTrue(client.route("T1", NEW_CLIENT).contains("127.0.0.1:7000"));
        asked(216, "\"topic\":\"T1\"", "");
        assertNull(client.route("T1", NEW_CLIENT));

        asked(216, "\"topic\":\"T2\",\"clusterName\":\"c2\",\"brokerName\":\"b\"", "");
        assertTrue(client.route("T2", NEW_CLIENT).contains("127.0.0.1:5000"));
        assertFalse(client.route("T2", NEW_CLIENT).contains("127.0.0.1:7000"));

        asked(216, "\"topic\":\"never-there\"", "");
        assertAnswered(1, client.ask(216, NEW_CLIENT, "\"topic\":\"\"", ""));
        registered();
        assertNotNull(client.route("T1", NEW_CLIENT), "it is there again when the broker registers it again");
    }

    @Test
    void aSingleTopicIsAddedToGroupsThatAreThere() throws IOException {
        String queues = "{\"queueDatas\":[{\"brokerName\":\"a\",\"perm\":6,\"readQueueNums\":4,\"topicSysFlag\":0,"
                + "\"writeQueueNums\":3},{\"brokerName\":\"away\",\"perm\":6}]}";
        registered();
        asked(217, "\"topic\":\"T3\"", queues);
        assertEquals(STANDARD_ROUTE, client.route("T3", NEW_CLIENT));
        asked(217, "\"topic\":\"T4\"", "");
        assertNull(client.route("T4", NEW_CLIENT));
        assertAnswered(1, client.ask(217, NEW_CLIENT, "\"topic\":\"T5\"", "{\"queueDatas\":[{}]}"));
        assertAnswered(1, client.ask(217, NEW_CLIENT, "\"topic\":\"T5\"", "{\"queueDatas\":7}"));
    }

    @Test
    void thePermissionToWriteIsTakenAndGiven() throws IOException {
        registered();
        assertExt("wipeTopicCount", "2", asked(205, "\"brokerName\":\"a\"", ""));
        assertTrue(client.route("T1", NEW_CLIENT).contains("\"perm\":4"));
        assertExt("wipeTopicCount", "0", asked(205, "\"brokerName\":\"unknown\"", ""));
        registered();
        assertTrue(client.route("T1", NEW_CLIENT).contains("\"perm\":4"), "the same version changes nothing");
        assertExt("addTopicCount", "2", asked(327, "\"brokerName\":\"a\"", ""));
        assertEquals(STANDARD_ROUTE, client.route("T1", NEW_CLIENT));

        asked(205, "\"brokerName\":\"a\"", "");
        assertAnswered(0, broker.ask(103, NEW_CLIENT, BROKER, TOPICS.replace("\"counter\":1", "\"counter\":2")));
        assertEquals(STANDARD_ROUTE, client.route("T1", NEW_CLIENT), "another version does");
    }

    @Test
    void aHeartbeatIsASignOfLife() throws Exception {
        registered();
        clock.advance(Duration.ofSeconds(100));
        asked(904, "\"brokerName\":\"a\",\"brokerAddr\":\"127.0.0.1:5000\",\"clusterName\":\"c1\"", "");
        clock.advance(Duration.ofSeconds(100));
        assertNotNull(client.route("T1", NEW_CLIENT));
        asked(904, "\"brokerName\":\"z\",\"brokerAddr\":\"127.0.0.1:1\",\"clusterName\":\"c1\"", "");
        clock.advance(Duration.ofSeconds(21));
        Await.until("the route is gone", () -> client.route("T1", NEW_CLIENT) == null);
    }

    @Test
    void textsAreKept(@TempDir Path dir) throws IOException {
        NameServerConfig config = NameServerConfig.defaults()
                .withKvConfigFile(dir.resolve("made").resolve("kv.json"))
                .withSwitches(Set.of(Switch.ORDER_MESSAGE_ENABLE));
        startWith(config);
        assertAnswered(22, client.ask(101, NEW_CLIENT, "\"namespace\":\"n\",\"key\":\"k\"", ""));
        assertAnswered(22, client.ask(219, NEW_CLIENT, "\"namespace\":\"n\"", ""));
        asked(100, "\"namespace\":\"n\",\"key\":\"k\",\"value\":\"v\"", "");
        asked(100, "\"namespace\":\"ORDER_TOPIC_CONFIG\",\"key\":\"T1\",\"value\":\"a:3\"", "");

        startWith(config);
        assertExt("value", "v", asked(101, "\"namespace\":\"n\",\"key\":\"k\"", ""));
        assertEquals(
                "{\"table\":{\"k\":\"v\"}}",
                asked(219, "\"namespace\":\"n\"", "").body());
        RawPeer.Answer registration = broker.ask(103, NEW_CLIENT, BROKER, TOPICS);
        assertEquals("{\"table\":{\"T1\":\"a:3\"}}", registration.body());
        assertTrue(client.route("T1", NEW_CLIENT).contains("\"orderTopicConf\":\"a:3\","));
        assertFalse(client.route("T2", NEW_CLIENT).contains("orderTopicConf"));

        asked(102, "\"namespace\":\"n\",\"key\":\"k\"", "");
        asked(102, "\"namespace\":\"n\",\"key\":\"k\"", "");
        startWith(config);
        assertAnswered(22, client.ask(101, NEW_CLIENT, "\"namespace\":\"n\",\"key\":\"k\"", ""));
        assertAnswered(1, client.ask(100, NEW_CLIENT, "\"namespace\":\"n\",\"key\":\"k\"", ""));
    }

    @Test
    void whatCannotBeKeptIsNotTakenOver(@TempDir Path dir) throws IOException {
        Path blocked = Files.createFile(dir.resolve("blocked"));
        startWith(NameServerConfig.defaults().withKvConfigFile(blocked.resolve("kv.json")));
        RawPeer.Answer failed = client.ask(100, NEW_CLIENT, "\"namespace\":\"n\",\"key\":\"k\",\"value\":\"v\"", "");
        assertAnswered(1, failed);
        assertTrue(failed.header().contains("blocked"), failed::header);
        assertAnswered(22, client.ask(101, NEW_CLIENT, "\"namespace\":\"n\",\"key\":\"k\"", ""));

        String tooLong = "x".repeat(KvConfig.TEXT_MAX_CHARS + 1);
        startWith(NameServerConfig.defaults());
        assertAnswered(
                29, client.ask(100, NEW_CLIENT, "\"namespace\":\"n\",\"key\":\"k\",\"value\":\"" + tooLong + "\"", ""));

        Files.writeString(blocked, "{\"configTable\":{\"n\":{\"k\":7}}}");
        try (NameServer second = new NameServer(NameServerConfig.defaults().withKvConfigFile(blocked), clock)) {
            IOException malformed = assertThrows(IOException.class, second::start);
            assertTrue(malformed.getMessage().contains("blocked"), malformed::getMessage);
        }
    }

    @Test
    void theSettingsAreToldAndTheSwitchesTurned() throws IOException {
        String before = asked(319, "", "").body();
        assertTrue(before.contains("supportActingMaster=false\n"), before);
        assertTrue(before.contains("scanNotActiveBrokerInterval=10\n"), before);

        asked(318, "", "# a comment\n\nsupportActingMaster = true\n");
        assertTrue(asked(319, "", "").body().contains("supportActingMaster=true\n"));

        assertAnswered(16, client.ask(318, NEW_CLIENT, "", "orderMessageEnable=true\nkvConfigPath=/x"));
        assertAnswered(29, client.ask(318, NEW_CLIENT, "", "orderMessageEnable=yes"));
        assertTrue(asked(319, "", "").body().contains("orderMessageEnable=false\n"), "all lines or none");
    }

    @Test
    void anOrphanedGroupShowsAnActingMasterWhereItIsWanted() throws IOException {
        String slave = BROKER.replace("\"brokerId\":\"0\"", "\"brokerId\":\"2\"") + ",\"enableActingMaster\":\"true\"";
        assertAnswered(0, broker.ask(103, NEW_CLIENT, slave, TOPICS));
        assertTrue(client.route("T1", NEW_CLIENT).contains("{\"2\":\"127.0.0.1:5000\"}"));

        asked(318, "", "supportActingMaster=true");
        assertTrue(client.route("T1", NEW_CLIENT).contains("{\"0\":\"127.0.0.1:5000\"}"));
        asked(327, "\"brokerName\":\"a\"", "");
        assertTrue(client.route("T1", NEW_CLIENT).contains("{\"2\":\"127.0.0.1:5000\"}"), "it can be written");
    }

    @Test
    void aZoneHidesTheOthers() throws IOException {
        String other = BROKER.replace("\"a\"", "\"b\"").replace("5000", "7000");
        assertAnswered(0, broker.ask(103, NEW_CLIENT, BROKER + ",\"__ZONE_NAME\":\"east\"", TOPICS));
        assertAnswered(0, broker.ask(103, NEW_CLIENT, other + ",\"__ZONE_NAME\":\"west\"", TOPICS));
        String east = "\"topic\":\"T1\",\"__ZONE_MODE\":\"true\",\"__ZONE_NAME\":\"East\"";
        String seen = asked(105, east, "").body();
        assertTrue(seen.contains("127.0.0.1:5000"), seen);
        assertFalse(seen.contains("127.0.0.1:7000"), seen);
        assertFalse(seen.contains("\"brokerName\":\"b\""), seen);
        assertTrue(client.route("T1", NEW_CLIENT).contains("127.0.0.1:7000"));
    }

    @Test
    void refusalsAreAnswers() throws IOException {
        assertAnswered(17, client.ask(105, NEW_CLIENT, "\"topic\":\"T1\"", ""));
        assertAnswered(3, client.ask(999, NEW_CLIENT, "", ""));
        assertAnswered(3, client.ask(7000, NEW_CLIENT, "", ""));
        assertAnswered(1, client.ask(105, NEW_CLIENT, "", ""));
        assertAnswered(1, client.ask(103, NEW_CLIENT, "\"brokerName\":\"a\"", TOPICS));
        assertAnswered(1, client.ask(103, NEW_CLIENT, BROKER, "no JSON"));
        assertAnswered(1, client.ask(103, NEW_CLIENT, BROKER.replace("\"0\"", "\"-1\""), TOPICS));
        assertAnswered(1, client.ask(103, NEW_CLIENT, BROKER + ",\"heartbeatTimeoutMillis\":\"0\"", TOPICS));
        assertNull(client.route("T1", NEW_CLIENT), "none of these has registered anything");
    }

    @Test
    void theChecksumIsLookedAtWhenThereIsOne() throws IOException {
        CRC32 crc = new CRC32();
        crc.update(TOPICS.getBytes(StandardCharsets.UTF_8));
        long right = crc.getValue() & 0x7fffffffL;

        RawPeer.Answer wrong = broker.ask(103, NEW_CLIENT, BROKER + ",\"bodyCrc32\":\"" + (right ^ 1) + "\"", TOPICS);
        assertAnswered(1, wrong);
        assertTrue(wrong.header().contains("crc32 not match"), wrong::header);
        assertNull(client.route("T1", NEW_CLIENT));

        assertAnswered(0, broker.ask(103, NEW_CLIENT, BROKER + ",\"bodyCrc32\":\"" + right + "\"", TOPICS));
        assertAnswered(0, broker.ask(103, NEW_CLIENT, BROKER + ",\"bodyCrc32\":\"0\"", TOPICS));
        assertNotNull(client.route("T1", NEW_CLIENT));
    }

    @Test
    void aCompressedRegistrationIsRead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            writeText(out, "{\"counter\":1,\"stateVersion\":0,\"timestamp\":1700000000000}");
            out.writeInt(2);
            writeText(out, "T1 4 3 6 SINGLE_TAG {}");
            writeText(out, "T2 1 1 6 SINGLE_TAG {}");
            writeText(out, "[]");
            out.writeInt(0);
        }
        assertAnswered(0, broker.ask(103, NEW_CLIENT, BROKER + ",\"compressed\":\"true\"", bytes.toByteArray()));
        assertEquals(STANDARD_ROUTE, client.route("T1", NEW_CLIENT));
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        out.writeInt(text.length());
        out.writeBytes(text);
    }

    @Test
    void anUnknownBrokerWithOneTopicIsRefusedButAKnownOneIsNot() throws IOException {
        String one = "{\"topicConfigSerializeWrapper\":{\"topicConfigTable\":{\"T3\":{\"topicName\":\"T3\","
                + "\"readQueueNums\":1,\"writeQueueNums\":1,\"perm\":6}},\"dataVersion\":{\"counter\":2}}}";
        RawPeer.Answer refused = broker.ask(103, NEW_CLIENT, BROKER, one);
        assertAnswered(1, refused);
        assertTrue(refused.header().contains("register broker failed"), refused::header);

        registered();
        assertAnswered(0, broker.ask(103, NEW_CLIENT, BROKER, one));
        assertNotNull(client.route("T3", NEW_CLIENT));
        assertNotNull(client.route("T1", NEW_CLIENT));
    }

    @Test
    void aSlaveIsToldItsMaster() throws IOException {
        registered();
        String slave = BROKER.replace("5000", "6000").replace("\"brokerId\":\"0\"", "\"brokerId\":\"1\"");
        RawPeer.Answer answer = client.ask(103, NEW_CLIENT, slave, TOPICS);

        assertAnswered(0, answer);
        assertTrue(answer.header().contains("\"masterAddr\":\"127.0.0.1:5000\""), answer::header);
        assertTrue(answer.header().contains("\"haServerAddr\":\"127.0.0.1:5001\""), answer::header);
    }

    @Test
    void theDataVersionIsCompared() throws IOException {
        String same = "{\"counter\":1,\"stateVersion\":0,\"timestamp\":1700000000000}";
        RawPeer.Answer unknown = broker.ask(322, NEW_CLIENT, BROKER, same);
        assertAnswered(0, unknown);
        assertTrue(unknown.header().contains("\"changed\":\"true\""), unknown::header);
        assertEquals("", unknown.body());

        registered();
        RawPeer.Answer equal = broker.ask(322, NEW_CLIENT, BROKER, same);
        assertTrue(equal.header().contains("\"changed\":\"false\""), equal::header);
        assertEquals(same, equal.body());
        RawPeer.Answer other = broker.ask(322, NEW_CLIENT, BROKER, same.replace("\"counter\":1", "\"counter\":2"));
        assertTrue(other.header().contains("\"changed\":\"true\""), other::header);
    }

    @Test
    void aOneWayRequestActsAndIsNotAnswered() throws IOException {
        broker.send(103, NEW_CLIENT, 2, BROKER, TOPICS.getBytes(StandardCharsets.UTF_8));
        // The next answer on this connection belongs to the next request.
        assertEquals(STANDARD_ROUTE, broker.route("T1", NEW_CLIENT));
    }

    @Test
    void anUnregisteredBrokerIsGone() throws IOException {
        registered();
        assertAnswered(0, broker.ask(104, NEW_CLIENT, BROKER, ""));
        assertNull(client.route("T1", NEW_CLIENT));
        assertAnswered(0, broker.ask(104, NEW_CLIENT, BROKER, ""));
    }

    @Test
    void aClosedConnectionRemovesItsBrokerAtOnce() throws Exception {
        registered();
        broker.close();
        // The clock stands still, so no time-out can have done it.
        Await.until("the route is gone", () -> client.route("T1", NEW_CLIENT) == null);
    }

    @Test
    void aSilentBrokerIsRemovedAndDisconnected() throws Exception {
        assertAnswered(0, broker.ask(103, NEW_CLIENT, BROKER + ",\"heartbeatTimeoutMillis\":\"30000\"", TOPICS));
        clock.advance(Duration.ofSeconds(30));
        assertNotNull(client.route("T1", NEW_CLIENT));
        clock.advance(Duration.ofMillis(1));
        Await.until("the route is gone", () -> client.route("T1", NEW_CLIENT) == null);
        assertTrue(broker.readsEnd());
    }

    @Test
    void theDefaultTimeOutIs120Seconds() throws Exception {
        registered();
        clock.advance(Duration.ofSeconds(100));
        registered();
        clock.advance(Duration.ofSeconds(100));
        assertNotNull(client.route("T1", NEW_CLIENT), "the second registration counted as a sign of life");
        clock.advance(Duration.ofSeconds(21));
        Await.until("the route is gone", () -> client.route("T1", NEW_CLIENT) == null);
    }

    @Test
    void aTakenPortIsNamed() {
        NameServerConfig config = NameServerConfig.defaults().withListen(address);
        try (NameServer second = new NameServer(config, Clock.system())) {
            IOException failure = assertThrows(IOException.class, second::start);
            assertTrue(failure.getMessage().contains(String.valueOf(address.getPort())), failure::getMessage);
        }
    }

    @Test
    void nothingIsLeftAfterClose() throws Exception {
        registered();
        nameServer.close();
        nameServer.close();
        assertTrue(broker.readsEnd());
        assertThrows(IOException.class, () -> new RawPeer(address).close());
        Await.until(
                "its threads have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("posthorn-nameserver-scan")));
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
