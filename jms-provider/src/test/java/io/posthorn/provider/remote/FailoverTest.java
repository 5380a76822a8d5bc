package io.posthorn.provider.remote;

import static io.posthorn.provider.remote.RemoteFixture.failure;
import static io.posthorn.provider.remote.RemoteFixture.get;
import static io.posthorn.provider.remote.RemoteFixture.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.AcknowledgeRequest;
import io.posthorn.protocol.api.ClientIdRequest;
import io.posthorn.protocol.api.CloseConsumerRequest;
import io.posthorn.protocol.api.CommitRequest;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.protocol.api.CreditRequest;
import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.DrainRequest;
import io.posthorn.protocol.api.DrainResponse;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.protocol.api.OpenConsumerRequest;
import io.posthorn.protocol.api.OpenConsumerResponse;
import io.posthorn.protocol.api.OutcomeRequest;
import io.posthorn.protocol.api.OutcomeResponse;
import io.posthorn.protocol.api.RollbackRequest;
import io.posthorn.protocol.api.SendRequest;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.Settle;
import io.posthorn.provider.remote.RemoteFixture.Outcomes;
import io.posthorn.provider.remote.RemoteFixture.Reader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The provider over the loss of its link. */
@Timeout(60)
class FailoverTest {

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
    void unansweredPersistentSendsAreRepeatedInOrderWithTheirSequences() throws Exception {
        broker.keepSilentOn(RequestCode.SEND);
        Provider provider = cluster.connect();
        ProducerHandle producer = provider.openProducer();
        Outcomes persistent = new Outcomes();
        Outcomes fleeting = new Outcomes();
        for (int i = 1; i <= 3; i++) {
            provider.send(producer, message(i, true), false, persistent);
            provider.send(producer, message(10 + i, false), false, fleeting);
        }
        for (int i = 0; i < 6; i++) {
            broker.next(RequestCode.SEND);
        }
        broker.speakAgain();
        broker.cut();
        for (int i = 0; i < 3; i++) {
            assertNull(fleeting.next(), "at most once: counts as sent");
        }
        broker.next(RequestCode.CONNECT);
        for (int i = 1; i <= 3; i++) {
            SendRequest again = broker.next(RequestCode.SEND, SendRequest.class);
            assertEquals(i, again.sequence());
            assertEquals(producer.producerId(), again.producerId());
            assertEquals(i, again.message().messageId().sequence());
            assertNull(persistent.next());
        }
        assertEquals(List.of(), broker.rest());
        cluster.events.expect("interrupted");
        cluster.events.expect("restored");
        provider.send(producer, message(4, true), false, persistent);
        assertEquals(4, broker.next(RequestCode.SEND, SendRequest.class).sequence());
    }

    @Test
    void theNextLinkResumesTheConnectionAtWhereverTheMasterIs() throws Exception {
        Provider provider = cluster.connect();
        get(provider.claimClientId("me"));
        try (ScriptedBroker successor = new ScriptedBroker()) {
            cluster.nameServer.master = successor.address();
            broker.close();
            ConnectRequest login = successor.next(RequestCode.CONNECT, ConnectRequest.class);
            assertEquals("me", login.clientId());
            assertEquals(1001, login.resumeToken());
            cluster.events.expect("interrupted");
            cluster.events.expect("restored");
            get(provider.close());
        }
    }

    @Test
    void callsDuringAnOutageWaitForItsEnd() throws Exception {
        broker.keepSilentOn(RequestCode.CONNECT);
        broker.speakAgain();
        Provider provider = cluster.connect();
        ProducerHandle producer = provider.openProducer();
        broker.next(RequestCode.CONNECT);
        broker.keepSilentOn(RequestCode.CONNECT);
        broker.cut();
        ScriptedBroker.Received login = broker.next(RequestCode.CONNECT);
        cluster.events.expect("interrupted");
        Outcomes outcomes = new Outcomes();
        provider.send(producer, message(1, false), false, outcomes);
        provider.send(producer, message(2, true), false, outcomes);
        CompletableFuture<Void> claim = provider.claimClientId("me");
        CompletableFuture<Void> commit = provider.commit(producer, List.of());
        broker.consent(login, new byte[0]);
        assertNull(outcomes.next());
        assertNull(outcomes.next());
        get(claim);
        get(commit);
        assertEquals(0, broker.next(RequestCode.SEND, SendRequest.class).sequence());
        assertEquals(1, broker.next(RequestCode.SEND, SendRequest.class).sequence());
    }

    @Test
    void aTransactionWithStagedSendsIsRolledBackByTheLoss() throws Exception {
        Provider provider = cluster.connect();
        ProducerHandle producer = provider.openProducer();
        Outcomes outcomes = new Outcomes();
        provider.send(producer, message(1, true), true, outcomes);
        assertNull(outcomes.next());
        broker.cut();
        cluster.events.expect("interrupted");
        cluster.events.expect("restored");
        broker.rest();
        provider.send(producer, message(2, true), true, outcomes);
        assertNull(outcomes.next(), "the commit will say it");
        assertEquals(
                Kind.TRANSACTION_ROLLED_BACK,
                failure(provider.commit(producer, List.of())).kind());
        assertEquals(List.of(RequestCode.ROLLBACK), broker.rest());
        provider.send(producer, message(3, true), true, outcomes);
        get(provider.commit(producer, List.of()));
        CommitRequest next = broker.next(RequestCode.COMMIT, CommitRequest.class);
        assertEquals(2, next.txSequence());
        assertEquals(1, next.staged());
    }

    @Test
    void aCommitInDoubtIsAskedAbout() throws Exception {
        for (boolean committed : new boolean[] {true, false}) {
            broker.on(RequestCode.OUTCOME, request -> broker.answer(request, new OutcomeResponse(committed)::encode));
            broker.keepSilentOn(RequestCode.COMMIT);
            Provider provider = cluster.connect();
            ProducerHandle producer = provider.openProducer();
            Outcomes outcomes = new Outcomes();
            provider.send(producer, message(1, true), true, outcomes);
            CompletableFuture<Void> commit = provider.commit(producer, List.of());
            broker.next(RequestCode.COMMIT);
            broker.cut();
            assertEquals(
                    new OutcomeRequest(producer.producerId(), 1),
                    broker.next(RequestCode.OUTCOME, OutcomeRequest.class));
            if (committed) {
                get(commit);
            } else {
                assertEquals(Kind.TRANSACTION_ROLLED_BACK, failure(commit).kind());
            }
            cluster.events.expect("interrupted");
            cluster.events.expect("restored");
            assertEquals(List.of(), broker.rest(), "neither the send nor the commit is repeated");
            get(provider.close());
            broker.rest();
        }
    }

    @Test
    void whatACommitThatWasNotCarriedOutHadConsumedIsGivenBackAsDelivered() throws Exception {
        broker.on(RequestCode.OUTCOME, request -> broker.answer(request, new OutcomeResponse(false)::encode));
        broker.keepSilentOn(RequestCode.COMMIT);
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        broker.next(RequestCode.OPEN_CONSUMER);
        broker.deliver(consumer.consumerId(), 1, message(1, true), message(2, true));
        reader.expect("1", "2", "end");
        reader.handedOver = 2;
        ProducerHandle producer = provider.openProducer();
        CompletableFuture<Void> commit = provider.commit(producer, span(consumer, 1, 2));
        broker.next(RequestCode.COMMIT);
        broker.cut();
        broker.next(RequestCode.OUTCOME);
        OpenConsumerRequest again = broker.next(RequestCode.OPEN_CONSUMER, OpenConsumerRequest.class);
        assertEquals(2, again.restated().size());
        RollbackRequest rollback = broker.next(RequestCode.ROLLBACK, RollbackRequest.class);
        assertEquals(List.of(new DeliveryRange(consumer.consumerId(), 1, 2)), rollback.released());
        assertEquals(Kind.TRANSACTION_ROLLED_BACK, failure(commit).kind());
        get(provider.close());
    }

    @Test
    void consumersComeBackWithWhatTheApplicationHolds() throws Exception {
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        int id = consumer.consumerId();
        broker.deliver(id, 1, message(1, true), message(2, true), message(3, true), message(4, true));
        reader.expect("1", "2", "3", "4", "end");
        get(provider.acknowledge(Settle.ACCEPT, span(consumer, 1, 1), true));
        reader.handedOver = 3;
        broker.next(RequestCode.OPEN_CONSUMER);
        broker.cut();
        reader.expect("interrupted", "resumed");
        OpenConsumerRequest reopened = broker.next(RequestCode.OPEN_CONSUMER, OpenConsumerRequest.class);
        assertEquals(id, reopened.consumerId());
        assertEquals(List.of(new MessageRef(9, 2), new MessageRef(9, 3)), reopened.restated());
        provider.credit(consumer, 14, 1000);
        assertEquals(
                12, broker.next(RequestCode.CREDIT, CreditRequest.class).limit(), "ten more than the two restated");
        broker.deliver(id, 3, message(4, true));
        reader.expect("5", "end");
        get(provider.acknowledge(Settle.ACCEPT, span(consumer, 2, 5), true));
        assertEquals(
                List.of(new DeliveryRange(id, 1, 3)),
                broker.next(RequestCode.ACKNOWLEDGE, AcknowledgeRequest.class).ranges());
    }

    @Test
    void unconfirmedAcknowledgementsAreRepeatedUnderTheNewIds() throws Exception {
        broker.keepSilentOn(RequestCode.ACKNOWLEDGE);
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        int id = consumer.consumerId();
        broker.deliver(id, 1, message(1, true), message(2, true), message(3, true));
        reader.expect("1", "2", "3", "end");
        CompletableFuture<Void> awaited = provider.acknowledge(Settle.ACCEPT, span(consumer, 2, 2), true);
        provider.acknowledge(Settle.ACCEPT, span(consumer, 3, 3), false);
        broker.next(RequestCode.ACKNOWLEDGE);
        broker.next(RequestCode.ACKNOWLEDGE);
        reader.handedOver = 3;
        broker.speakAgain();
        broker.cut();
        get(awaited);
        assertEquals(
                List.of(new DeliveryRange(id, 2, 2)),
                broker.next(RequestCode.ACKNOWLEDGE, AcknowledgeRequest.class).ranges());
        assertEquals(
                List.of(new DeliveryRange(id, 3, 3)),
                broker.next(RequestCode.ACKNOWLEDGE, AcknowledgeRequest.class).ranges());
    }

    @Test
    void deliveriesGivenElsewhereAreReportedAsLost() throws Exception {
        broker.resumes = false;
        broker.keepSilentOn(RequestCode.ACKNOWLEDGE);
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        int id = consumer.consumerId();
        broker.deliver(id, 1, message(1, true), message(2, true), message(3, true), message(4, true), message(5, true));
        reader.expect("1", "2", "3", "4", "5", "end");
        reader.handedOver = 5;
        broker.on(
                RequestCode.OPEN_CONSUMER,
                request -> broker.answer(request, new OpenConsumerResponse(List.of(0, 1, 3), List.of())::encode));
        provider.acknowledge(Settle.ACCEPT, span(consumer, 1, 1), false);
        CompletableFuture<Void> awaited = provider.acknowledge(Settle.ACCEPT, span(consumer, 2, 3), true);
        broker.next(RequestCode.ACKNOWLEDGE);
        broker.next(RequestCode.ACKNOWLEDGE);
        broker.speakAgain();
        broker.cut();
        assertEquals(Kind.DELIVERY_LOST, failure(awaited).kind());
        cluster.events.expect("interrupted");
        cluster.events.expect("restored");
        cluster.events.expect("problem DELIVERY_LOST");
        assertEquals(
                List.of(new DeliveryRange(id, 3, 3)),
                broker.next(RequestCode.ACKNOWLEDGE, AcknowledgeRequest.class).ranges());
        ProducerHandle producer = provider.openProducer();
        assertEquals(
                Kind.TRANSACTION_ROLLED_BACK,
                failure(provider.commit(producer, span(consumer, 4, 5))).kind());
        assertEquals(
                List.of(new DeliveryRange(id, 5, 5)),
                broker.next(RequestCode.ROLLBACK, RollbackRequest.class).released());
    }

    @Test
    void anAcknowledgementThatOnlyLostItsAnswerIsNotReportedAsLost() throws Exception {
        broker.keepSilentOn(RequestCode.ACKNOWLEDGE);
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        broker.deliver(consumer.consumerId(), 1, message(1, true));
        reader.expect("1", "end");
        reader.handedOver = 1;
        broker.on(
                RequestCode.OPEN_CONSUMER,
                request -> broker.answer(request, new OpenConsumerResponse(List.of(0), List.of(0))::encode));
        CompletableFuture<Void> awaited = provider.acknowledge(Settle.ACCEPT, span(consumer, 1, 1), true);
        broker.next(RequestCode.ACKNOWLEDGE);
        broker.cut();
        // The broker has resumed the connection, so nobody but this acknowledgement can have settled the delivery.
        get(awaited);
    }

    @Test
    void aConsumerThatCannotBeOpenedAgainIsClosed() throws Exception {
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        RemoteFixture.open(provider, reader);
        broker.on(
                RequestCode.OPEN_CONSUMER,
                request -> broker.refuse(request, ErrorCode.INVALID_DESTINATION, "temporary destination is gone"));
        broker.cut();
        reader.expect("interrupted", "closed INVALID_DESTINATION");
        cluster.events.expect("interrupted");
        cluster.events.expect("problem INVALID_DESTINATION");
        cluster.events.expect("restored");
    }

    @Test
    void aClosedConsumerWhoseSessionStillSettlesIsRestatedAndClosedAgain() throws Exception {
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        int id = consumer.consumerId();
        broker.deliver(id, 1, message(1, true), message(2, true));
        reader.expect("1", "2", "end");
        get(provider.closeConsumer(consumer, 1, true));
        broker.next(RequestCode.CLOSE_CONSUMER);
        broker.cut();
        assertEquals(
                List.of(new MessageRef(9, 1)),
                broker.next(RequestCode.OPEN_CONSUMER, OpenConsumerRequest.class)
                        .restated());
        assertEquals(
                new CloseConsumerRequest(id, 1, true),
                broker.next(RequestCode.CLOSE_CONSUMER, CloseConsumerRequest.class));
        cluster.events.expect("interrupted");
        cluster.events.expect("restored");
        get(provider.commit(provider.openProducer(), span(consumer, 1, 1)));
        broker.cut();
        cluster.events.expect("interrupted");
        cluster.events.expect("restored");
        assertTrue(!broker.rest().contains(RequestCode.OPEN_CONSUMER), "nothing is left to restate");
    }

    @Test
    void unansweredVerbsAreRepeated() throws Exception {
        broker.keepSilentOn(RequestCode.CLIENT_ID, RequestCode.UNSUBSCRIBE, RequestCode.DRAIN);
        Provider provider = cluster.connect();
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        broker.deliver(consumer.consumerId(), 1, message(1, true));
        reader.expect("1", "end");
        CompletableFuture<Void> claim = provider.claimClientId("me");
        CompletableFuture<Void> unsubscribe = provider.unsubscribe("s");
        CompletableFuture<Boolean> drain = provider.drain(consumer, 3);
        broker.next(RequestCode.DRAIN);
        broker.on(
                RequestCode.UNSUBSCRIBE,
                request -> broker.refuse(request, ErrorCode.UNKNOWN_SUBSCRIPTION, "no subscription s"));
        broker.on(RequestCode.DRAIN, request -> broker.answer(request, new DrainResponse(2, false)::encode));
        broker.speakAgain();
        broker.cut();
        assertEquals(
                "me", broker.next(RequestCode.CLIENT_ID, ClientIdRequest.class).clientId());
        get(claim);
        get(unsubscribe);
        get(drain);
        assertEquals(
                2,
                broker.next(RequestCode.DRAIN, DrainRequest.class).limit(),
                "nothing was handed over, so two more are 1 and 2 on the new link");
    }

    @Test
    void aSilentLinkIsGivenUp() throws Exception {
        Provider provider = cluster.connect(cluster.config().withKeepAlive(Duration.ofMillis(100)));
        broker.keepSilentOn(RequestCode.PING);
        broker.next(RequestCode.CONNECT);
        broker.next(RequestCode.CONNECT);
        cluster.events.expect("interrupted");
        cluster.events.expect("restored");
        assertNotNull(provider);
    }

    @Test
    void aFencedBrokerIsLeftAndTheSendRepeated() throws Exception {
        Provider provider = cluster.connect();
        broker.on(RequestCode.SEND, request -> {
            broker.on(RequestCode.SEND, broker::answer);
            broker.refuse(request, ErrorCode.FENCED, "a higher epoch was seen");
        });
        Outcomes outcomes = new Outcomes();
        provider.send(provider.openProducer(), message(1, true), false, outcomes);
        assertNull(outcomes.next());
        assertEquals(1, broker.next(RequestCode.SEND, SendRequest.class).sequence());
        assertEquals(1, broker.next(RequestCode.SEND, SendRequest.class).sequence());
    }

    @Test
    void anOutageWithoutEndFailsEverything() throws Exception {
        broker.keepSilentOn(RequestCode.SEND);
        Provider provider = cluster.connect(cluster.config().withFailoverTimeout(Duration.ofMillis(300)));
        ProducerHandle producer = provider.openProducer();
        Reader reader = new Reader();
        RemoteFixture.open(provider, reader);
        Outcomes outcomes = new Outcomes();
        provider.send(producer, message(1, true), false, outcomes);
        broker.next(RequestCode.SEND);
        broker.close();
        CompletableFuture<Void> commit = provider.commit(producer, List.of());
        ProviderException lost = outcomes.next();
        assertEquals(Kind.CONNECTION, lost.kind());
        assertTrue(lost.getMessage().contains("not restored within 300 ms"), lost.getMessage());
        assertEquals(Kind.CONNECTION, failure(commit).kind());
        reader.expect("interrupted", "closed CONNECTION");
        cluster.events.expect("interrupted");
        cluster.events.expect("failed CONNECTION");
        assertEquals(Kind.CONNECTION, failure(provider.claimClientId("late")).kind());
        get(provider.close());
    }

    @Test
    void aLoginRefusedDuringAnOutageEndsIt() throws Exception {
        Provider provider = cluster.connect();
        broker.on(
                RequestCode.CONNECT,
                request -> broker.refuse(request, ErrorCode.AUTHENTICATION_FAILED, "the user was deleted"));
        broker.cut();
        cluster.events.expect("interrupted");
        cluster.events.expect("failed SECURITY the user was deleted");
        get(provider.close());
    }

    @Test
    void aCloseDuringAnOutageIsToldToTheBrokerAllTheSame() throws Exception {
        Provider provider = cluster.connect();
        broker.keepSilentOn(RequestCode.CONNECT);
        broker.next(RequestCode.CONNECT);
        broker.cut();
        ScriptedBroker.Received login = broker.next(RequestCode.CONNECT);
        CompletableFuture<Void> closed = provider.close();
        broker.consent(login, new byte[0]);
        broker.next(RequestCode.CLOSE);
        get(closed);
        cluster.events.expect("interrupted");
    }

    @Test
    void aCloseDuringAnOutageDoesNotWaitForABrokerThatIsGone() throws Exception {
        Provider provider = cluster.connect();
        broker.close();
        cluster.events.expect("interrupted");
        get(provider.close());
        assertEquals(Kind.CLOSED, failure(provider.claimClientId("late")).kind());
    }

    private static List<DeliverySpan> span(ConsumerHandle consumer, long from, long to) {
        return List.of(new DeliverySpan(consumer, from, to));
    }
}
