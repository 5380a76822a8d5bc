package io.posthorn.server.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A sync waits for company where there is some, never for long, and not for a lone client. */
class FlushGatheringTest {

    private final FlushGathering gathering = new FlushGathering();
    private final List<ClientSession> clients = new ArrayList<>();
    private long nowNs = 1_000_000_000;

    /** Each client waits once, one after the other, each time with a sync of its own. */
    private void busy(int count) {
        clients.clear();
        for (int i = 0; i < count; i++) {
            clients.add(new ClientSession(null, i));
        }
        for (int i = 0; i < 4 * count; i++) {
            gathering.waits(clients.get(i % count), nowNs);
            nowNs += FlushGathering.WINDOW_NS / count;
            gathering.flushed();
        }
    }

    private boolean comes(int client) {
        gathering.waits(clients.get(client), nowNs);
        return gathering.waitsForMore(nowNs);
    }

    @Test
    void aSyncWaitsForHalfOfThem() {
        busy(8);
        assertTrue(comes(0));
        assertTrue(comes(1));
        assertTrue(comes(2));
        assertFalse(comes(3));
    }

    @Test
    void oneAndTwoNeverWait() {
        busy(1);
        assertFalse(comes(0));
        gathering.flushed();
        busy(2);
        assertFalse(comes(0));
    }

    @Test
    void theWaitEndsAndIsNotTriedAgainSoonWhenItWasInVain() {
        busy(8);
        assertTrue(comes(0));
        assertEquals(FlushGathering.WAIT_MAX_NS, gathering.leftNs(nowNs));
        nowNs += FlushGathering.WAIT_MAX_NS;
        assertFalse(gathering.waitsForMore(nowNs));
        for (int i = 0; i < FlushGathering.PAUSE_BATCHES; i++) {
            assertFalse(comes(0), "batch " + i);
            gathering.flushed();
        }
        assertTrue(comes(0));
    }

    @Test
    void aWaitThatBroughtSomethingIsTriedAgain() {
        busy(8);
        assertTrue(comes(0));
        assertTrue(comes(1));
        nowNs += FlushGathering.WAIT_MAX_NS;
        assertFalse(gathering.waitsForMore(nowNs));
        gathering.flushed();
        assertTrue(comes(0));
    }

    @Test
    void whatNobodyWaitsForIsNotHeldBack() {
        busy(8);
        assertFalse(gathering.waitsForMore(nowNs));
    }

    @Test
    void clientsThatHaveGoneQuietAreNotWaitedFor() {
        busy(8);
        nowNs += 2 * FlushGathering.WINDOW_NS;
        assertFalse(comes(0));
    }
}
