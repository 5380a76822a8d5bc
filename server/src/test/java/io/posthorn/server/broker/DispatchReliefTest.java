package io.posthorn.server.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dispatching is put off for a producer in full swing only, and is never left undone. */
class DispatchReliefTest {

    private final AtomicLong nowNs = new AtomicLong(1_000_000_000);
    private final Clock clock = new Clock() {
        @Override
        public long wallMs() {
            return nowNs.get() / 1_000_000;
        }

        @Override
        public long monotonicNs() {
            return nowNs.get();
        }
    };
    private final ScheduledExecutorService eventLoop = Executors.newSingleThreadScheduledExecutor();
    /** The thread of each batch whose end dispatched. */
    private final BlockingQueue<Thread> dispatches = new LinkedBlockingQueue<>();

    private final Sequencer sequencer = new Sequencer(this::endBatch, () -> {}, eventLoop, error -> {});
    private final DispatchRelief relief = new DispatchRelief(sequencer, clock);
    private final Object producer = new Object();

    private void endBatch() {
        if (!relief.isPutOff()) {
            dispatches.add(Thread.currentThread());
        }
    }

    @AfterEach
    void stop() {
        relief.close();
        eventLoop.shutdownNow();
    }

    /** One send, its sync, its answer. @return whether dispatching was put off then */
    private boolean send(Object who, long afterNs) {
        nowNs.addAndGet(afterNs);
        relief.waits(who);
        relief.answered(eventLoop);
        return relief.isPutOff();
    }

    private void fullSwing() {
        for (int i = 0; i < DispatchRelief.STREAK_MIN; i++) {
            assertFalse(send(producer, 50_000), "after " + i);
        }
    }

    @Test
    void itIsPutOffOnceSendsFollowTheirAnswersAtOnce() {
        fullSwing();
        assertTrue(send(producer, 50_000));
    }

    @Test
    void otherProducersAndPausesEndThat() {
        fullSwing();
        assertFalse(send(new Object(), 50_000));
        fullSwing();
        assertFalse(send(producer, DispatchRelief.WAIT_NS + 1));
    }

    @Test
    void anotherThreadDispatchesDuringTheSync() throws InterruptedException {
        fullSwing();
        assertTrue(send(producer, 50_000));
        relief.syncing();
        assertNotSame(Thread.currentThread(), dispatches.take());
        assertFalse(relief.isPutOff());
    }

    @Test
    void whenNoSendComesItIsDoneAfterAll() throws InterruptedException {
        fullSwing();
        assertTrue(send(producer, 50_000));
        sequencer.drain();
        assertEquals(0, dispatches.size());
        nowNs.addAndGet(DispatchRelief.WAIT_NS);
        dispatches.take();
    }
}
