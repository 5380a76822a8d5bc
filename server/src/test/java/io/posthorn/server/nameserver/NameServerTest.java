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
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
