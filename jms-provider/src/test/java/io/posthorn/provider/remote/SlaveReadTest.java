package io.posthorn.provider.remote;

import static io.posthorn.provider.remote.RemoteFixture.get;
import static io.posthorn.provider.remote.RemoteFixture.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.AcknowledgeRequest;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.Disposition;
import io.posthorn.protocol.api.DrainResponse;
import io.posthorn.protocol.api.FetchMessagesRequest;
import io.posthorn.protocol.api.OpenConsumerRequest;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.remote.RemoteFixture.Reader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deliveries by reference: where their messages are fetched, and that nothing passes them. */
@Timeout(60)
class SlaveReadTest {

    private static final EncodedMessage ONE = message(1, true);
    private static final EncodedMessage TWO = message(2, true);
    private static final EncodedMessage THREE = message(3, true);
    private static final EncodedMessage FOUR = message(4, true);

    private RemoteFixture cluster;
    private ScriptedBroker master;
    private ScriptedBroker slave;
    private final Reader reader = new Reader();

    @BeforeEach
    void start() throws Exception {
        cluster = new RemoteFixture();
        master = cluster.broker;
        slave = new ScriptedBroker();
        slave.epoch = 0;
        cluster.nameServer.slave = slave.address();
    }

    @AfterEach
    void stop() {
        cluster.close();
        slave.close();
    }

    @Test
    void theClientSaysWhetherItTakesReferences() throws Exception {
        Provider first = cluster.connect();
        assertEquals(1, master.next(RequestCode.CONNECT, ConnectRequest.class).features());
        get(first.close());
        cluster.connect(cluster.config().withSlaveRead(false));
        assertEquals(0, master.next(RequestCode.CONNECT, ConnectRequest.class).features());
    }

    @Test
    void messagesComeFromTheSlave() throws Exception {
        slave.holds(ONE, TWO);
        int consumer = RemoteFixture.open(cluster.connect(), reader).consumerId();
        master.refer(consumer, 1, ONE, TWO);
        reader.expect("1", "2", "end");
        ConnectRequest login = slave.next(RequestCode.CONNECT, ConnectRequest.class);
        assertEquals(0, login.resumeToken());
        FetchMessagesRequest fetch = slave.next(RequestCode.FETCH_MESSAGES, FetchMessagesRequest.class);
        assertEquals(9, fetch.lane());
        assertEquals(
                List.of(
                        new FetchMessagesRequest.Entry(1, (1L << 40) + 1, 1),
                        new FetchMessagesRequest.Entry(2, (1L << 40) + 2, 1)),
                fetch.entries());
        assertFalse(master.rest().contains(RequestCode.FETCH_MESSAGES));
    }

    @Test
    void nothingPassesAMessageThatIsBeingFetched() throws Exception {
        slave.keepSilentOn(RequestCode.FETCH_MESSAGES);
        Provider provider = cluster.connect();
        ConsumerHandle handle = RemoteFixture.open(provider, reader);
        master.on(RequestCode.DRAIN, request -> {
            master.refer(handle.consumerId(), 1, ONE);
            master.deliver(handle.consumerId(), 2, TWO);
            master.refer(handle.consumerId(), 3, THREE);
            master.deliver(handle.consumerId(), 4, FOUR);
            master.answer(request, new DrainResponse(4, false)::encode);
        });
        CompletableFuture<Boolean> drained = provider.drain(handle, 10);
        ScriptedBroker.Received first = slave.next(RequestCode.FETCH_MESSAGES);
        ScriptedBroker.Received second = slave.next(RequestCode.FETCH_MESSAGES);
        // The later ones are there first.
        slave.give(second, THREE);
        assertFalse(drained.isDone());
        slave.give(first, ONE);
        reader.expect("1", "2", "3", "4", "end");
        get(drained);
        // Whoever asks again is answered at once.
        master.on(RequestCode.DRAIN, request -> master.answer(request, new DrainResponse(4, false)::encode));
        get(provider.drain(handle, 10));
        master.deliver(handle.consumerId(), 5, message(5, true));
        reader.expect("5", "end");
    }

    @Test
    void whatTheSlaveHasNotComesFromTheMaster() throws Exception {
        slave.holds(ONE, THREE);
        master.holds(TWO);
        int consumer = RemoteFixture.open(cluster.connect(), reader).consumerId();
        master.refer(consumer, 1, ONE, TWO, THREE);
        reader.expect("1", "end", "2", "3", "end");
        FetchMessagesRequest fetch = master.next(RequestCode.FETCH_MESSAGES, FetchMessagesRequest.class);
        assertEquals(1, fetch.entries().size());
        assertEquals(2, fetch.entries().get(0).offset());
    }

    @Test
    void aSlaveThatRefusesIsLeftAlone() throws Exception {
        slave.on(RequestCode.FETCH_MESSAGES, request -> slave.refuse(request, ErrorCode.NOT_MASTER, "not to be read"));
        master.holds(ONE, TWO);
        int consumer = RemoteFixture.open(cluster.connect(), reader).consumerId();
        master.refer(consumer, 1, ONE);
        reader.expect("1", "end");
        slave.next(RequestCode.FETCH_MESSAGES);
        master.refer(consumer, 2, TWO);
        reader.expect("2", "end");
        assertFalse(slave.rest().contains(RequestCode.FETCH_MESSAGES));
    }

    @Test
    void aSlaveThatDoesNotAnswerIsNotWaitedForLong() throws Exception {
        slave.keepSilentOn(RequestCode.FETCH_MESSAGES);
        master.holds(ONE);
        int consumer = RemoteFixture.open(cluster.connect(), reader).consumerId();
        master.refer(consumer, 1, ONE);
        reader.expect("1", "end");
        slave.next(RequestCode.FETCH_MESSAGES);
    }

    @Test
    void aSlaveThatCannotBeReachedIsNotNeeded() throws Exception {
        slave.close();
        master.holds(ONE);
        int consumer = RemoteFixture.open(cluster.connect(), reader).consumerId();
        master.refer(consumer, 1, ONE);
        reader.expect("1", "end");
    }

    @Test
    void aMasterInThePlaceOfTheSlaveIsNotTakenForOne() throws Exception {
        slave.epoch = 7;
        master.holds(ONE);
        int consumer = RemoteFixture.open(cluster.connect(), reader).consumerId();
        master.refer(consumer, 1, ONE);
        reader.expect("1", "end");
        assertFalse(slave.rest().contains(RequestCode.FETCH_MESSAGES));
    }

    @Test
    void aMessageOfTheWrongSizeIsNotTaken() throws Exception {
        EncodedMessage other = message(1, true).withBody(new byte[99]);
        slave.holds(other);
        master.holds(ONE);
        int consumer = RemoteFixture.open(cluster.connect(), reader).consumerId();
        master.refer(consumer, 1, ONE);
        reader.expect("1", "end");
        master.next(RequestCode.FETCH_MESSAGES);
    }

    @Test
    void whatNobodyHasIsRejectedAndReported() throws Exception {
        slave.holds();
        master.holds();
        int consumer = RemoteFixture.open(cluster.connect(), reader).consumerId();
        master.refer(consumer, 1, ONE);
        master.deliver(consumer, 2, TWO);
        cluster.events.expect("problem INTERNAL");
        AcknowledgeRequest rejected = master.next(RequestCode.ACKNOWLEDGE, AcknowledgeRequest.class);
        assertEquals(Disposition.REJECT, rejected.disposition());
        assertEquals(List.of(new DeliveryRange(consumer, 1, 1)), rejected.ranges());
        reader.expect("2", "end");
    }

    @Test
    void whatIsBeingFetchedIsVoidWhenTheMasterIsLost() throws Exception {
        slave.keepSilentOn(RequestCode.FETCH_MESSAGES);
        Provider provider = cluster.connect();
        ConsumerHandle handle = RemoteFixture.open(provider, reader);
        master.next(RequestCode.OPEN_CONSUMER);
        master.refer(handle.consumerId(), 1, ONE);
        ScriptedBroker.Received fetch = slave.next(RequestCode.FETCH_MESSAGES);
        master.cut();
        reader.expect("interrupted");
        assertEquals(
                List.of(),
                master.next(RequestCode.OPEN_CONSUMER, OpenConsumerRequest.class)
                        .restated());
        reader.expect("resumed");
        slave.give(fetch, ONE);
        // It begins anew, with the numbers of the new link.
        master.deliver(handle.consumerId(), 1, TWO);
        reader.expect("2", "end");
    }

    @Test
    void aClosedConsumerGetsNothingAnyMore() throws Exception {
        slave.keepSilentOn(RequestCode.FETCH_MESSAGES);
        Provider provider = cluster.connect();
        ConsumerHandle handle = RemoteFixture.open(provider, reader);
        master.refer(handle.consumerId(), 1, ONE);
        ScriptedBroker.Received fetch = slave.next(RequestCode.FETCH_MESSAGES);
        get(provider.closeConsumer(handle, 0, false));
        slave.give(fetch, ONE);
        Reader other = new Reader();
        slave.speakAgain();
        slave.holds(TWO);
        master.refer(RemoteFixture.open(provider, other).consumerId(), 1, TWO);
        other.expect("1", "end");
        assertEquals(0, reader.count());
    }
}
