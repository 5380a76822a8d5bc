package io.posthorn.provider.remote;

import static io.posthorn.provider.remote.RemoteFixture.failure;
import static io.posthorn.provider.remote.RemoteFixture.get;
import static io.posthorn.provider.remote.RemoteFixture.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.BranchId;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.BranchAnswer;
import io.posthorn.protocol.api.BranchCommitRequest;
import io.posthorn.protocol.api.BranchEndRequest;
import io.posthorn.protocol.api.BranchRequest;
import io.posthorn.protocol.api.BranchStartRequest;
import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.RecoverResponse;
import io.posthorn.protocol.api.SendRequest;
import io.posthorn.provider.BranchReply;
import io.posthorn.provider.BranchWork;
import io.posthorn.provider.Branches;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.remote.RemoteFixture.Outcomes;
import io.posthorn.provider.remote.RemoteFixture.Reader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The XA verbs on the wire, and when the link is lost between them. */
class BranchFailoverTest {

    private static final BranchId X = new BranchId(5, new byte[] {1}, new byte[0]);
    private static final BranchReply OK = new BranchReply(0, "");

    private RemoteFixture cluster;
    private ScriptedBroker broker;
    private Provider provider;
    private Branches branches;
    private ProducerHandle producer;

    @BeforeEach
    void connect() throws Exception {
        cluster = new RemoteFixture();
        broker = cluster.broker;
        for (int code = RequestCode.XA_START; code <= RequestCode.XA_FORGET; code++) {
            broker.on(code, request -> broker.answer(request, new BranchAnswer(0, "")::encode));
        }
        provider = cluster.connect();
        branches = provider.branches();
        producer = provider.openProducer();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void workTravelsInOrderAndTheNextBranchHasNumbersOfItsOwn() throws Exception {
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        broker.deliver(consumer.consumerId(), 1, message(1, true), message(2, true));
        reader.expect("1", "2", "end");
        BranchWork work = branches.work(producer);
        assertEquals(OK, get(branches.start(work, X, Branches.Start.NEW, 5_000)));
        provider.send(producer, message(3, true), true, new Outcomes());
        DeliverySpan span = new DeliverySpan(consumer, 1, 2);
        assertEquals(OK, get(branches.end(work, X, Branches.End.SUCCESS, List.of(span))));
        assertEquals(
                new BranchStartRequest(X, BranchStartRequest.How.NEW, producer.producerId(), 1, 5_000),
                broker.next(RequestCode.XA_START, BranchStartRequest.class));
        assertEquals(1, broker.next(RequestCode.SEND, SendRequest.class).txSequence());
        assertEquals(
                new BranchEndRequest(
                        X,
                        BranchEndRequest.How.SUCCESS,
                        producer.producerId(),
                        1,
                        1,
                        List.of(new DeliveryRange(consumer.consumerId(), 1, 2))),
                broker.next(RequestCode.XA_END, BranchEndRequest.class));
        get(branches.start(branches.work(producer), X, Branches.Start.JOIN, 0));
        assertEquals(
                2, broker.next(RequestCode.XA_START, BranchStartRequest.class).txSequence());
        assertTrue(branches.resourceId().startsWith("cluster/broker-a@"), branches.resourceId());
    }

    @Test
    void preparationAndDecisionAreRepeatedAndSaySo() throws Exception {
        BranchWork work = branches.work(producer);
        get(branches.start(work, X, Branches.Start.NEW, 0));
        get(branches.end(work, X, Branches.End.SUCCESS, List.of()));
        broker.keepSilentOn(RequestCode.XA_PREPARE, RequestCode.XA_COMMIT);
        CompletableFuture<BranchReply> prepare = branches.prepare(X);
        assertFalse(broker.next(RequestCode.XA_PREPARE, BranchRequest.class).repeated());
        broker.cut();
        ScriptedBroker.Received again = broker.next(RequestCode.XA_PREPARE);
        assertEquals(new BranchRequest(X, true), again.body());
        broker.answer(again, new BranchAnswer(3, "")::encode);
        assertEquals(new BranchReply(3, ""), get(prepare));

        CompletableFuture<BranchReply> commit = branches.commit(X, true, work);
        assertEquals(
                new BranchCommitRequest(X, false, true, producer.producerId(), 1),
                broker.next(RequestCode.XA_COMMIT, BranchCommitRequest.class));
        broker.cut();
        ScriptedBroker.Received second = broker.next(RequestCode.XA_COMMIT);
        assertEquals(new BranchCommitRequest(X, true, true, producer.producerId(), 1), second.body());
        broker.answer(second, new BranchAnswer(0, "")::encode);
        assertEquals(OK, get(commit));
    }

    @Test
    void theEndOfWorkIsRepeatedSoThatTheBrokerReleasesWhatWasConsumed() throws Exception {
        Reader reader = new Reader();
        ConsumerHandle consumer = RemoteFixture.open(provider, reader);
        broker.deliver(consumer.consumerId(), 1, message(1, true));
        reader.expect("1", "end");
        reader.handedOver = 1;
        BranchWork work = branches.work(producer);
        get(branches.start(work, X, Branches.Start.NEW, 0));
        broker.keepSilentOn(RequestCode.XA_END);
        DeliverySpan span = new DeliverySpan(consumer, 1, 1);
        CompletableFuture<BranchReply> end = branches.end(work, X, Branches.End.SUCCESS, List.of(span));
        broker.next(RequestCode.XA_END);
        broker.cut();
        ScriptedBroker.Received again = broker.next(RequestCode.XA_END);
        assertEquals(1, ((BranchEndRequest) again.body()).consumed().size());
        broker.answer(again, new BranchAnswer(-4, "gone")::encode);
        assertEquals(new BranchReply(-4, "gone"), get(end));
    }

    @Test
    void recoveryListsBranchesAndRefusalsAreFailures() throws Exception {
        RecoverResponse.Row row = new RecoverResponse.Row(X, RecoverResponse.State.PREPARED, 1);
        broker.on(RequestCode.XA_RECOVER, request -> broker.answer(request, new RecoverResponse(List.of(row))::encode));
        assertEquals(List.of(X), get(branches.recover()));
        broker.on(RequestCode.XA_ROLLBACK, request -> broker.refuse(request, ErrorCode.SYSTEM_ERROR, "why"));
        assertEquals(Kind.INTERNAL, failure(branches.rollback(X)).kind());
        broker.on(RequestCode.XA_FORGET, broker::answer);
        assertEquals(Kind.INTERNAL, failure(branches.forget(X)).kind());
    }
}
