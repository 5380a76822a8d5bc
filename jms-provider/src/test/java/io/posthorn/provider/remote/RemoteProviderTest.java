package io.posthorn.provider.remote;

import static io.posthorn.provider.remote.RemoteFixture.failure;
import static io.posthorn.provider.remote.RemoteFixture.get;
import static io.posthorn.provider.remote.RemoteFixture.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.AcknowledgeRequest;
import io.posthorn.protocol.api.AuthenticateRequest;
import io.posthorn.protocol.api.CommitRequest;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.protocol.api.ConnectResponse;
import io.posthorn.protocol.api.CreateTemporaryResponse;
import io.posthorn.protocol.api.CreditRequest;
import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.Disposition;
import io.posthorn.protocol.api.DrainResponse;
import io.posthorn.protocol.api.HandOverRequest;
import io.posthorn.protocol.api.ProducerCloseRequest;
import io.posthorn.protocol.api.ProgressRequest;
import io.posthorn.protocol.api.SendRequest;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Login;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.Settle;
import io.posthorn.provider.remote.RemoteFixture.Outcomes;
import io.posthorn.provider.remote.RemoteFixture.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The provider on a link that holds. */
@Timeout(60)
class RemoteProviderTest {

    private RemoteFixture cluster;
    private ScriptedBroker broker;

    @BeforeEach
    void start() throws Exception {
        cluster = new RemoteFixture();
        broker = cluster.broker;
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void findsTheMasterThroughTheNameServerAndLogsIn() throws Exception {
        get(cluster.connecting(cluster.config(), new Login(null, null, "me")));
        ConnectRequest login = broker.next(RequestCode.CONNECT, ConnectRequest.class);
        assertEquals("ANONYMOUS", login.mechanism());
        assertEquals("me", login.clientId());
        assertEquals(0, login.resumeToken());
        assertEquals(List.of("106 {}"), cluster.nameServer.asked);
    }

    @Test
    void provesThePasswordAndWantsTheProofOfTheBroker() throws Exception {
        ScramPeer peer = new ScramPeer("pencil");
        broker.on(RequestCode.CONNECT, request -> {
            byte[] challenge = peer.challenge(((ConnectRequest) request.body()).initialResponse());
            broker.answer(request, new ConnectResponse(false, challenge, 0, "", "", 0, 0, 0, false, 0, 0)::encode);
        });
        broker.on(RequestCode.AUTHENTICATE, request -> {
            byte[] signature = peer.signatureFor(((AuthenticateRequest) request.body()).response());
            if (signature == null) {
                broker.refuse(request, ErrorCode.AUTHENTICATION_FAILED, "wrong user or password");
            } else {
                broker.consent(request, signature);
            }
        });
        assertNotNull(get(cluster.connecting(cluster.config(), new Login("user", "pencil", null))));
        cluster.close();
        cluster = new RemoteFixture();
    }

    @Test
    void aBrokerThatConsentsWithoutAProofIsNotTrusted() throws Exception {
        broker.on(RequestCode.CONNECT, request -> broker.consent(request, new byte[0]));
        ProviderException early = failure(cluster.connecting(cluster.config(), new Login("user", "pencil", null)));
        assertEquals(Kind.SECURITY, early.kind());
        ScramPeer impostor = new ScramPeer("guessed");
        broker.on(RequestCode.CONNECT, request -> {
            byte[] challenge = impostor.challenge(((ConnectRequest) request.body()).initialResponse());
            broker.answer(request, new ConnectResponse(false, challenge, 0, "", "", 0, 0, 0, false, 0, 0)::encode);
        });
        byte[] wrong = ("v=" + "A".repeat(43) + "=").getBytes(StandardCharsets.UTF_8);
        broker.on(RequestCode.AUTHENTICATE, request -> broker.consent(request, wrong));
        ProviderException late = failure(cluster.connecting(cluster.config(), new Login("user", "pencil", null)));
        assertEquals(Kind.SECURITY, late.kind());
        assertTrue(late.getMessage().contains("does not know this user's password"), late::getMessage);
    }

    @Test
    void aRefusedLoginSaysWhy() throws Exception {
        broker.on(
                RequestCode.CONNECT,
                request -> broker.refuse(request, ErrorCode.AUTHENTICATION_FAILED, "wrong user or password"));
        ProviderException refusal = failure(cluster.connecting(cluster.config(), new Login("user", "x", null)));
        assertEquals(Kind.SECURITY, refusal.kind());
        assertEquals("wrong user or password", refusal.getMessage());
    }

    @Test
    void aBrokerThatChoosesAVersionItWasNotOfferedIsLeft() throws Exception {
        broker.on(
                RequestCode.CONNECT,
                request -> broker.answer(
                        request,
                        new ConnectResponse(true, new byte[0], 2, "broker-a", "cluster", 1, 1, 1, false, 4 << 20, 4096)
                                ::encode));
        ProviderException refusal = failure(cluster.connecting(cluster.config(), new Login(null, null, null)));
        assertEquals(Kind.CONNECTION, refusal.kind());
        assertTrue(refusal.getMessage().contains("protocol version 2, this client speaks 1"), refusal::getMessage);
    }

    @Test
    void anUnreachableNameServerIsNamed() throws Exception {
        InetSocketAddress nobody = freePort();
        ProviderException refusal =
                failure(cluster.connecting(RemoteConfig.of(List.of(nobody)), new Login(null, null, null)));
        assertEquals(Kind.CONNECTION, refusal.kind());
        assertEquals(
                "cannot reach any NameServer of [127.0.0.1:" + nobody.getPort() + "]: Connection refused",
                refusal.getMessage());
    }

    @Test
    void aNameServerWithoutAMasterIsNoHelp() throws Exception {
        cluster.nameServer.master = null;
        ProviderException refusal = failure(cluster.connecting(cluster.config(), new Login(null, null, null)));
        assertTrue(refusal.getMessage().endsWith("no broker with a Master is registered"), refusal.getMessage());
    }

    @Test
    void anUnreachableBrokerIsNamed() throws Exception {
        cluster.nameServer.master = freePort();
        ProviderException refusal = failure(cluster.connecting(cluster.config(), new Login(null, null, null)));
        assertEquals(
                "cannot reach the broker at 127.0.0.1:" + cluster.nameServer.master.getPort() + ": Connection refused",
                refusal.getMessage());
    }

    @Test
    void theSecondNameServerHelpsWhenTheFirstIsDead() throws Exception {
        for (int i = 0; i < 4; i++) {
            // Whichever is picked first.
            RemoteConfig config = RemoteConfig.of(List.of(freePort(), cluster.nameServer.address()));
            get(cluster.connect(config).close());
        }
    }

    @Test
    void sendsCarryTheirNumbersAndEndWithTheAnswer() throws Exception {
        Provider provider = cluster.connect();
        ProducerHandle producer = provider.openProducer();
        Outcomes outcomes = new Outcomes();
        provider.send(producer, message(1, true), false, outcomes);
        provider.send(producer, message(2, false), false, outcomes);
        provider.send(producer, message(3, false), true, outcomes);
        provider.send(producer, message(4, true), false, outcomes);
        long[][] sequences = {{1, 0}, {0, 0}, {2, 1}, {3, 0}};
        for (long[] expected : sequences) {
            SendRequest send = broker.next(RequestCode.SEND, SendRequest.class);
            assertEquals(producer.producerId(), send.producerId());
            assertEquals(expected[0], send.sequence());
            assertEquals(expected[1], send.txSequence());
            assertNull(outcomes.next());
        }
    }

    @Test
    void aRefusedSendTellsTheBrokersWords() throws Exception {
        broker.on(
                RequestCode.SEND,
                request -> broker.refuse(request, ErrorCode.RESOURCE_EXHAUSTED, "queue://q is full (limit 7)"));
        Provider provider = cluster.connect();
        Outcomes outcomes = new Outcomes();
        provider.send(provider.openProducer(), message(1, true), false, outcomes);
        ProviderException refusal = outcomes.next();
        assertEquals(Kind.RESOURCE, refusal.kind());
        assertEquals("queue://q is full (limit 7)", refusal.getMessage());
    }

    @Test
    void sendsBeyondTheWindowWait() throws Exception {
        broker.keepSilentOn(RequestCode.SEND);
        Provider provider = cluster.connect(cluster.config().withInFlightMax(4));
        ProducerHandle producer = provider.openProducer();
        Outcomes outcomes = new Outcomes();
        Thread sender = new Thread(() -> {
            for (int i = 1; i <= 5; i++) {
                provider.send(producer, message(i, true), false, outcomes);
            }
        });
        sender.start();
        ScriptedBroker.Received first = broker.next(RequestCode.SEND);
        ScriptedBroker.Received second = broker.next(RequestCode.SEND);
        broker.next(RequestCode.SEND);
        broker.next(RequestCode.SEND);
        assertTrue(sender.isAlive());
        assertEquals(List.of(), broker.rest());
        broker.answer(first);
        broker.answer(second);
        assertEquals(5, broker.next(RequestCode.SEND, SendRequest.class).sequence());
        sender.join();
    }

    @Test
    void aSilentBrokerMeansATimeOut() throws Exception {
        broker.keepSilentOn(RequestCode.SEND);
        Provider provider = cluster.connect(cluster.config().withRequestTimeout(Duration.ofMillis(200)));
        Outcomes outcomes = new Outcomes();
        provider.send(provider.openProducer(), message(1, true), false, outcomes);
        assertEquals(Kind.TIMEOUT, outcomes.next().kind());
        broker.next(RequestCode.PING);
        assertTrue(cluster.events.isEmpty(), "the broker has answered the PING");
    }

    @Test
    void transactionsAreCountedAndNumbered() throws Exception {
        Provider provider = cluster.connect();
        ProducerHandle producer = provider.openProducer();
        Outcomes outcomes = new Outcomes();
        provider.send(producer, message(1, true), true, outcomes);
        provider.send(producer, message(2, true), true, outcomes);
        get(provider.commit(producer, List.of()));
        assertEquals(
                new CommitRequest(producer.producerId(), 1, 2, List.of()),
                broker.next(RequestCode.COMMIT, CommitRequest.class));
        get(provider.rollback(producer, List.of()));
        get(provider.commit(producer, List.of()));
        assertEquals(3, broker.next(RequestCode.COMMIT, CommitRequest.class).txSequence());
    }

    @Test
    void aRefusedCommitIsRolledBackAtTheBrokerToo() throws Exception {
        broker.on(
                RequestCode.COMMIT,
                request -> broker.refuse(request, ErrorCode.RESOURCE_EXHAUSTED, "transactionOperationsMax 100000"));
        Provider provider = cluster.connect();
        ProducerHandle producer = provider.openProducer();
        assertEquals(
                Kind.RESOURCE, failure(provider.commit(producer, List.of())).kind());
        broker.next(RequestCode.ROLLBACK);
    }

    @Test
    void deliveriesReachTheListenerAndSettlementsTheBroker() throws Exception {
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        provider.credit(consumer, 10, 1000);
        assertEquals(
                new CreditRequest(consumer.consumerId(), 10, 1000),
                broker.next(RequestCode.CREDIT, CreditRequest.class));
        broker.deliver(consumer.consumerId(), 1, message(1, true), message(2, true), message(3, true));
        reader.expect("1", "2", "3", "end");
        provider.acknowledge(
                Settle.ACCEPT, List.of(new DeliverySpan(consumer, 1, 1), new DeliverySpan(consumer, 2, 2)), false);
        provider.handOver(consumer, 2);
        provider.handOver(consumer, 3);
        assertEquals(
                new HandOverRequest(consumer.consumerId(), 2),
                broker.next(RequestCode.HAND_OVER, HandOverRequest.class));
        assertEquals(
                new HandOverRequest(consumer.consumerId(), 3),
                broker.next(RequestCode.HAND_OVER, HandOverRequest.class));
        get(provider.drain(consumer, 3));
        assertEquals(
                new AcknowledgeRequest(
                        Disposition.ACCEPT, false, List.of(new DeliveryRange(consumer.consumerId(), 1, 2))),
                broker.next(RequestCode.ACKNOWLEDGE, AcknowledgeRequest.class));
        broker.next(RequestCode.DRAIN);
        get(provider.acknowledge(Settle.REJECT, List.of(new DeliverySpan(consumer, 3, 3)), true));
        assertEquals(
                Disposition.REJECT,
                broker.next(RequestCode.ACKNOWLEDGE, AcknowledgeRequest.class).disposition());
    }

    @Test
    void whatIsAcceptedLeavesWithTheNextMarkAndIsConfirmedLater() throws Exception {
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        int id = consumer.consumerId();
        broker.deliver(id, 1, message(1, true), message(2, true), message(3, true));
        reader.expect("1", "2", "3", "end");
        provider.handOver(consumer, 1);
        provider.accept(consumer, 1, 1, 2);
        provider.accept(consumer, 2, 2, 3);
        provider.acceptLast(consumer, 3, 3);
        List<Object> atOnce = new ArrayList<>();
        long confirmed = 0;
        // The confirmed ones come in between, as the gathering timer falls.
        while (confirmed < 3 || atOnce.size() < 3) {
            Object next = broker.next().body();
            if (next instanceof AcknowledgeRequest request) {
                assertFalse(request.awaited());
                DeliveryRange range = request.ranges().get(0);
                assertEquals(confirmed + 1, range.from());
                confirmed = range.to();
            } else if (next instanceof HandOverRequest || next instanceof ProgressRequest) {
                atOnce.add(next);
            }
        }
        assertEquals(
                List.of(new HandOverRequest(id, 1), new ProgressRequest(id, 1, 1, 2), new ProgressRequest(id, 2, 2, 3)),
                atOnce);
        assertEquals(List.of(), broker.rest());
    }

    @Test
    void theLastAcceptanceOfABurstLeavesBeforeAnythingElseIsHandedOver() throws Exception {
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        Reader other = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        ConsumerHandle another = RemoteFixture.open(provider, other);
        int id = consumer.consumerId();
        int anotherId = another.consumerId();
        broker.deliver(id, 1, message(1, true), message(2, true));
        broker.deliver(anotherId, 1, message(1, true));
        reader.expect("1", "2", "end");
        other.expect("1", "end");
        provider.handOver(consumer, 1);
        provider.acceptLast(consumer, 1, 1);
        provider.handOver(consumer, 2);
        provider.acceptLast(consumer, 2, 2);
        provider.handOver(another, 1);
        // However the gathering timer falls: what is accepted is known before the next message's mark.
        Set<Long> accepted = new HashSet<>();
        for (int marks = 0; marks < 3; ) {
            Object next = broker.next().body();
            if (next instanceof HandOverRequest mark) {
                if (mark.consumerId() == anotherId) {
                    assertEquals(Set.of(1L, 2L), accepted);
                } else if (mark.deliveryIdTo() == 2) {
                    assertEquals(Set.of(1L), accepted);
                }
                marks++;
            } else if (next instanceof ProgressRequest progress) {
                assertEquals(new ProgressRequest(id, 1, 1, 2), progress);
                accepted.add(1L);
                marks++;
            } else if (next instanceof AcknowledgeRequest request) {
                request.ranges()
                        .forEach(range ->
                                LongStream.rangeClosed(range.from(), range.to()).forEach(accepted::add));
            }
        }
    }

    @Test
    void marksOfAConsumerThatEndsWithItsConnectionAreGathered() throws Exception {
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerSpec spec = new ConsumerSpec(ConsumerSpec.Kind.TOPIC, DestinationName.topic("t"), null, null, false);
        ConsumerHandle consumer = get(provider.openConsumer(spec, reader));
        assertFalse(consumer.outlivesConnection());
        broker.deliver(consumer.consumerId(), 1, message(1, true), message(2, true));
        reader.expect("1", "2", "end");
        provider.handOver(consumer, 1);
        provider.handOver(consumer, 2);
        get(provider.drain(consumer, 2));
        assertEquals(
                2, broker.next(RequestCode.HAND_OVER, HandOverRequest.class).deliveryIdTo());
    }

    @Test
    void gatheredSettlementsLeaveByThemselves() throws Exception {
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        broker.deliver(consumer.consumerId(), 1, message(1, true), message(2, true));
        reader.expect("1", "2", "end");
        provider.handOver(consumer, 1);
        assertEquals(
                1, broker.next(RequestCode.HAND_OVER, HandOverRequest.class).deliveryIdTo());
        provider.acknowledge(Settle.ACCEPT, List.of(new DeliverySpan(consumer, 1, 1)), false);
        broker.next(RequestCode.ACKNOWLEDGE);
    }

    @Test
    void drainAnswersAfterTheDeliveries() throws Exception {
        broker.on(RequestCode.DRAIN, request -> {
            broker.deliver(1, 1, message(1, true));
            broker.answer(request, new DrainResponse(1, true)::encode);
        });
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        assertTrue(get(provider.drain(consumer, 1)));
        reader.expect("1");
    }

    @Test
    void singleVerbsAndTheirErrors() throws Exception {
        broker.on(
                RequestCode.CREATE_TEMPORARY,
                request -> broker.answer(request, new CreateTemporaryResponse("broker-a/7")::encode));
        broker.on(
                RequestCode.UNSUBSCRIBE,
                request -> broker.refuse(request, ErrorCode.UNKNOWN_SUBSCRIPTION, "no subscription s"));
        Provider provider = cluster.connect();
        DestinationName temporary = get(provider.createTemporary(false));
        assertEquals(new DestinationName(DestinationKind.TEMPORARY_TOPIC, "broker-a/7"), temporary);
        get(provider.deleteTemporary(temporary));
        get(provider.claimClientId("me"));
        assertEquals(
                Kind.UNKNOWN_SUBSCRIPTION, failure(provider.unsubscribe("s")).kind());
        Reader reader = new Reader();
        broker.on(
                RequestCode.OPEN_CONSUMER,
                request -> broker.refuse(request, ErrorCode.INVALID_SELECTOR, "selector: 1 ="));
        CompletableFuture<ConsumerHandle> refused = provider.openConsumer(
                new io.posthorn.provider.ConsumerSpec(
                        io.posthorn.provider.ConsumerSpec.Kind.QUEUE, DestinationName.queue("q"), null, "1 =", false),
                reader);
        assertEquals(Kind.INVALID_SELECTOR, failure(refused).kind());
    }

    @Test
    void theBrokerMayCloseAConsumer() throws Exception {
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        broker.closeConsumer(consumer.consumerId(), ErrorCode.INVALID_DESTINATION, "deleted");
        reader.expect("closed INVALID_DESTINATION");
        get(provider.closeConsumer(consumer, 0, false));
    }

    @Test
    void routesAreAskedForInStandardJson() throws Exception {
        RemoteConfig config = cluster.config();
        try (io.posthorn.net.FrameClient client =
                new io.posthorn.net.FrameClient(io.posthorn.net.NetConfig.defaults())) {
            CompletableFuture<ClusterView> known = new CompletableFuture<>();
            CompletableFuture<ClusterView> unknown = new CompletableFuture<>();
            NameServerLink names = new NameServerLink(client, config, new java.util.Random(1));
            client.execute(() -> names.route("T1").whenComplete((view, failure) -> {
                known.complete(view);
                names.route("T2")
                        .whenComplete(
                                (none, reason) -> unknown.completeExceptionally(Failures.asProviderException(reason)));
            }));
            assertEquals(
                    broker.address().getPort(),
                    get(known).masters().get("broker-a").getPort());
            assertTrue(failure(unknown).getMessage().endsWith("No topic route info for T2"));
            assertEquals("105 {topic=T1, acceptStandardJsonOnly=true}", sorted(cluster.nameServer.asked.get(0)));
        }
    }

    @Test
    void closeSettlesSaysGoodbyeAndLeavesNothing() throws Exception {
        Provider provider = cluster.connect();
        ProducerHandle producer = provider.openProducer();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        broker.deliver(consumer.consumerId(), 1, message(1, true));
        reader.expect("1", "end");
        provider.acknowledge(Settle.ACCEPT, List.of(new DeliverySpan(consumer, 1, 1)), false);
        provider.closeProducer(producer);
        get(provider.close());
        broker.next(RequestCode.ACKNOWLEDGE);
        assertEquals(List.of(RequestCode.CLOSE), broker.rest());
        assertEquals(Kind.CLOSED, failure(provider.claimClientId("late")).kind());
        Outcomes outcomes = new Outcomes();
        provider.send(producer, message(1, true), false, outcomes);
        assertEquals(Kind.CLOSED, outcomes.next().kind());
        assertFalse(
                Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().startsWith("posthorn-client")
                                && !thread.getName().equals("posthorn-client-close")),
                "an I/O thread is left");
    }

    @Test
    void aClosedProducerIsForgottenAtTheBroker() throws Exception {
        Provider provider = cluster.connect();
        ProducerHandle producer = provider.openProducer();
        provider.closeProducer(producer);
        assertEquals(
                producer.producerId(),
                broker.next(RequestCode.PRODUCER_CLOSE, ProducerCloseRequest.class)
                        .producerId());
    }

    private static String sorted(String asked) {
        return asked.contains("{acceptStandardJsonOnly=true, topic=T1}")
                ? "105 {topic=T1, acceptStandardJsonOnly=true}"
                : asked;
    }

    private static InetSocketAddress freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return InetSocketAddress.createUnresolved("127.0.0.1", socket.getLocalPort());
        }
    }

    /** The broker's side of one SCRAM exchange, from the definitions of RFC 5802. */
    private static final class ScramPeer {

        private final String password;
        private String authMessage;

        ScramPeer(String password) {
            this.password = password;
        }

        byte[] challenge(byte[] clientFirst) {
            String bare = new String(clientFirst, StandardCharsets.UTF_8).substring(3);
            String serverFirst = bare.substring(bare.indexOf("r=")) + "srv,s=c2FsdA==,i=4096";
            authMessage = bare + "," + serverFirst;
            return serverFirst.getBytes(StandardCharsets.UTF_8);
        }

        /** Null for a wrong proof. */
        byte[] signatureFor(byte[] clientFinal) {
            try {
                String text = new String(clientFinal, StandardCharsets.UTF_8);
                String signed = authMessage + "," + text.substring(0, text.indexOf(",p="));
                byte[] salted = salted();
                byte[] clientKey = hmac(salted, "Client Key");
                byte[] storedKey =
                        java.security.MessageDigest.getInstance("SHA-256").digest(clientKey);
                byte[] proof = hmac(storedKey, signed);
                for (int i = 0; i < proof.length; i++) {
                    proof[i] ^= clientKey[i];
                }
                String expected = java.util.Base64.getEncoder().encodeToString(proof);
                if (!text.endsWith(",p=" + expected)) {
                    return null;
                }
                byte[] signature = hmac(hmac(salted, "Server Key"), signed);
                return ("v=" + java.util.Base64.getEncoder().encodeToString(signature))
                        .getBytes(StandardCharsets.UTF_8);
            } catch (java.security.GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        /** PBKDF2 with one block, spelled out. */
        private byte[] salted() throws java.security.GeneralSecurityException {
            byte[] key = password.getBytes(StandardCharsets.UTF_8);
            byte[] u = hmac(key, "salt\0\0\0\1");
            byte[] sum = u.clone();
            javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(new javax.crypto.spec.SecretKeySpec(key, "HmacSHA256"));
            for (int round = 1; round < 4096; round++) {
                u = mac.doFinal(u);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] ^= u[i];
                }
            }
            return sum;
        }

        private static byte[] hmac(byte[] key, String text) throws java.security.GeneralSecurityException {
            javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(new javax.crypto.spec.SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
