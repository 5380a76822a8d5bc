package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.ReadResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A selector that selects little of much. Every body has to be fetched before it can be looked at, so the fetches count how often
 * the backlog is looked at.
 */
class DeepQueueTest {

    private static final DestinationName Q = new DestinationName(DestinationKind.QUEUE, "q");
    private static final int DEPTH = 6_000;
    private static final int EVERY = 1_000;

    /** No body stays in memory. */
    private final HeartFixture broker =
            new HeartFixture(HeartConfig.defaults("b").withMemory(0, 1 << 20, 10));

    private final HeartFixture.Client alice = broker.client();
    private final HeartFixture.Client bob = broker.client();

    /** Answers every read with the message that was sent with that offset. */
    private void fetch() {
        while (!broker.reads.isEmpty()) {
            var request = broker.reads.remove(0);
            broker.answeredReads += request.offsets().length;
            var found = new EncodedMessage[request.offsets().length];
            for (int i = 0; i < found.length; i++) {
                found[i] = numbered((int) request.offsets()[i]).to(Q);
            }
            broker.heart.readDone(new ReadResult(request, found, new long[found.length]));
            broker.settle();
        }
    }

    private static HeartFixture.Mail numbered(int n) {
        return mail("m" + n).with("rare", n % EVERY == EVERY - 1);
    }

    private void fill() {
        for (int n = 0; n < DEPTH; n++) {
            broker.append(alice.trySend(Q, numbered(n)));
        }
        broker.settle();
    }

    private static List<String> rare(int from, int to) {
        List<String> texts = new ArrayList<>();
        for (int n = from + EVERY - 1; n < to; n += EVERY) {
            texts.add("m" + n);
        }
        return texts;
    }

    @Test
    void theBacklogIsLookedAtOnceHoweverManyMessagesAreAskedFor() {
        fill();
        HeartFixture.Reader choosy = bob.selecting(Q, "rare");
        for (int limit = 1; limit <= DEPTH / EVERY + 3; limit++) {
            choosy.credit(limit);
            fetch();
        }
        assertEquals(rare(0, DEPTH), choosy.texts());
        assertTrue(broker.answeredReads > DEPTH - EVERY, "they were in memory");
        assertTrue(broker.answeredReads <= DEPTH, () -> broker.answeredReads + " bodies were fetched");
        int looked = broker.answeredReads;
        // More consumers of that selector, and messages that come later, cost their own look only.
        HeartFixture.Reader second = alice.selecting(Q, "rare").credit(5);
        fetch();
        assertEquals(List.of(), second.texts());
        for (int n = DEPTH; n < DEPTH + EVERY; n++) {
            broker.append(alice.trySend(Q, numbered(n)));
        }
        broker.settle();
        fetch();
        List<String> late = new ArrayList<>(choosy.texts());
        late.removeAll(rare(0, DEPTH));
        late.addAll(second.texts());
        assertEquals(rare(DEPTH, DEPTH + EVERY), late);
        assertTrue(broker.answeredReads - looked <= EVERY, () -> broker.answeredReads - looked + " more were fetched");
    }

    @Test
    void whatComesBackIsFoundWithoutAnotherLookAtTheBacklog() {
        fill();
        HeartFixture.Reader choosy = bob.selecting(Q, "rare").credit(3);
        fetch();
        assertEquals(rare(0, 3 * EVERY), choosy.texts());
        int looked = broker.answeredReads;
        choosy.release(1, 3);
        choosy.credit(6);
        fetch();
        assertEquals(rare(0, 3 * EVERY), choosy.texts().subList(3, 6));
        assertTrue(
                broker.answeredReads - looked < EVERY,
                () -> broker.answeredReads - looked + " were fetched to find three again");
    }

    @Test
    void aConsumerOfEverythingIsServedWhileAChoosyOneWaits() {
        fill();
        HeartFixture.Reader choosy = bob.selecting(Q, "rare AND absent").credit(1);
        HeartFixture.Reader all = alice.queue(Q).credit(2);
        fetch();
        assertEquals(List.of(), choosy.texts());
        assertEquals(List.of("m0", "m1"), all.texts());
    }

    @Test
    void aStoreThatCannotBeReadNowIsAskedAgainAndNothingIsGivenUp() {
        fill();
        HeartFixture.Reader all = alice.queue(Q).credit(200);
        int asked = broker.reads.size();
        assertTrue(asked > 0);
        broker.reads.forEach(request -> broker.heart.readFailed(request, broker.now));
        broker.reads.clear();
        broker.tick(999);
        assertEquals(0, broker.reads.size(), "not at once");
        broker.tick(1);
        assertTrue(broker.heart.nextTickMs() > broker.now);
        fetch();
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            expected.add("m" + n);
        }
        assertEquals(expected, all.texts());
    }
}
