package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.server.queue.BranchVerbs.TransactionNumber;
import io.posthorn.server.store.PlacedPart;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the directory, which is group "b", has groups emptied. */
class DrainingTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName T = DestinationName.topic("news");
    private static final List<String> GROUPS = List.of("a", "b", "c");

    private final HeartFixture broker = new HeartFixture();

    private DirectoryVerbs directory() {
        return broker.heart.directory();
    }

    private void place(DestinationName name, String group) {
        broker.ok(directory().place(name, Map.of("brokerGroups", group), false, GROUPS, broker.now));
    }

    private List<Located> advance() {
        return broker.ok(directory().advance(GROUPS, broker.now));
    }

    private String parts(DestinationName name) {
        StringBuilder text = new StringBuilder();
        for (PlacedPart part : directory().locate(name).parts()) {
            text.append(part.group()).append(' ').append(part.state()).append(' ');
        }
        return text.toString().strip();
    }

    @Test
    void aQueueMovesToAnotherGroup() {
        place(Q, "c");
        assertEquals(List.of(), advance());
        broker.ok(directory().drain("c", true));
        advance();
        assertEquals("c ACTIVE a JOINING", parts(Q));
        advance();
        assertEquals("c LEAVING a ACTIVE", parts(Q));
        // It is told as long as it is not empty.
        assertEquals(1, advance().size());
        broker.restart();
        broker.ok(directory().left("c", List.of(Q)));
        assertEquals("c LEAVING a ACTIVE", parts(Q));
        broker.ok(directory().left("c", List.of()));
        assertEquals("a ACTIVE", parts(Q));
        assertEquals(List.of(), advance());
        DestinationName fresh = DestinationName.queue("fresh");
        broker.refused(directory().place(fresh, Map.of("brokerGroups", "c"), false, GROUPS, broker.now));
    }

    @Test
    void subscribersFindTheNewPartOfATopicBeforeItIsUsed() {
        place(T, "c");
        broker.ok(directory().grant(new SubscriptionTerms("reader", "mine", T, "a > 1", false, false)));
        assertEquals("mine", directory().subscriptions(T).get(0).name());
        broker.ok(directory().drain("c", true));
        advance();
        broker.tick(Draining.JOIN_MS - 1);
        advance();
        assertEquals("c ACTIVE a JOINING", parts(T));
        broker.tick(1);
        advance();
        assertEquals("c LEAVING a ACTIVE", parts(T));
    }

    @Test
    void theOperatorMayChangeHisMind() {
        place(Q, "c");
        broker.ok(directory().drain("c", true));
        advance();
        advance();
        broker.ok(directory().drain("c", false));
        advance();
        assertEquals("c ACTIVE a ACTIVE", parts(Q));
    }

    @Test
    void theDirectorysOwnGroupCanBeEmptied() {
        broker.client().send(Q, "x");
        broker.tick(1);
        broker.ok(directory().drain("b", true));
        advance();
        advance();
        assertEquals("b LEAVING a ACTIVE", parts(Q));
        broker.ok(broker.heart.destinationVerbs().place(Q, false, Map.of(), List.of(), broker.now));
        assertEquals(RefusalKind.NOT_PLACED, broker.refused(broker.client().trySend(Q, HeartFixture.mail("late"))));
        broker.ok(broker.heart.destinationVerbs().place(Q, false, Map.of(), List.of(), broker.now));
        assertEquals(1, broker.heart.destinationVerbs().show(Q).response().size());
        HeartFixture.Reader reader = broker.client().queue(Q).credit(1);
        broker.ok(broker.heart.acknowledge(
                reader.state.client(), Settling.ACCEPT, List.of(reader.span(1, 1)), broker.now));
        broker.ok(broker.heart.destinationVerbs().place(Q, false, Map.of(), List.of(), broker.now));
        assertTrue(broker.heart.destinationVerbs().show(Q).isRefused());
        broker.ok(directory().leftOne("b", Q));
        assertEquals("a ACTIVE", parts(Q));
    }

    private boolean closeAndLook() {
        broker.ok(broker.heart.destinationVerbs().place(Q, false, Map.of(), List.of(), broker.now));
        broker.ok(broker.heart.destinationVerbs().place(Q, false, Map.of(), List.of(), broker.now));
        return broker.heart.destinationVerbs().show(Q).isRefused();
    }

    private void takeAll() {
        HeartFixture.Reader reader = broker.client().queue(Q).credit(10);
        broker.answerReads();
        int count = reader.got().size();
        broker.ok(broker.heart.acknowledge(
                reader.state.client(), Settling.ACCEPT, List.of(reader.span(1, count)), broker.now));
    }

    @Test
    void aMessageThatWaitsInTheStoreAloneKeepsItsDestination() {
        broker.tick(1);
        broker.client().send(Q, HeartFixture.mail("late").delay(600_000));
        broker.checkpoint();
        broker.tick(1);
        assertEquals(0, broker.heart.state().schedule.knownCount());
        assertFalse(closeAndLook());
        broker.restartAt(broker.heart.state().checkpoint);
        assertFalse(closeAndLook(), "before the store was asked");
        broker.tick(1);
        assertFalse(closeAndLook());
        broker.tick(600_000);
        broker.answerReads();
        assertFalse(closeAndLook(), "it has its place, and nobody has taken it");
        takeAll();
        broker.checkpoint();
        broker.tick(60_000);
        assertTrue(closeAndLook());
    }

    @Test
    void whatAPreparedBranchHasSentOrConsumedKeepsItsDestination() {
        broker.tick(1);
        HeartFixture.Client client = broker.client();
        client.send(Q, "taken");
        HeartFixture.Reader reader = client.queue(Q).credit(1);
        BranchId consumes = new BranchId(1, new byte[] {1}, new byte[] {1});
        BranchId sends = new BranchId(1, new byte[] {2}, new byte[] {1});
        work(client, consumes, 1, 0, reader.span(1, 1));
        client.begin(2);
        client.send(Q, "staged");
        work(client, sends, 2, 1);
        assertFalse(closeAndLook());
        broker.restart();
        broker.tick(1);
        assertFalse(closeAndLook());
        broker.ok(broker.heart.branches().rollback(sends, false, broker.now));
        assertFalse(closeAndLook(), "one branch holds a message still");
        broker.ok(broker.heart.branches().commit(consumes, false, false, new TransactionNumber(0, 0), broker.now));
        broker.tick(1);
        assertTrue(closeAndLook());
    }

    private void work(HeartFixture.Client client, BranchId branch, long tx, int staged, Span... consumed) {
        broker.ok(broker.heart
                .branches()
                .start(client.state, branch, BranchStart.NEW, client.producerId, tx, 0, broker.now));
        TransactionNumber number = new TransactionNumber(client.producerId, tx);
        broker.ok(broker.heart
                .branches()
                .end(client.state, branch, BranchEnd.SUCCESS, number, staged, List.of(consumed), broker.now));
        assertEquals(
                0,
                broker.ok(broker.heart.branches().prepare(branch, false, broker.now))
                        .code());
    }
}
