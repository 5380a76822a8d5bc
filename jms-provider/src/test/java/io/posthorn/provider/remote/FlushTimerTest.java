package io.posthorn.provider.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FlushTimerTest {

    private long nowNs = 17;
    private final List<Task> tasks = new ArrayList<>();
    private final FlushTimer timer = new FlushTimer(new HandLoop(), new HandClock(), () -> {});

    private record Task(Duration delay, CompletableFuture<Void> future) {}

    private final class HandClock implements Clock {

        @Override
        public long wallMs() {
            return 0;
        }

        @Override
        public long monotonicNs() {
            return nowNs;
        }
    }

    private final class HandLoop implements Loop {

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public Future<?> schedule(Runnable task, Duration delay) {
            Task made = new Task(delay, new CompletableFuture<>());
            tasks.add(made);
            return made.future();
        }

        @Override
        public boolean isCurrentThread() {
            return true;
        }
    }

    private void pass(long micros) {
        nowNs += micros * 1_000;
    }

    @Test
    void whatWaitsLeavesAfterFourMilliseconds() {
        timer.want();
        timer.want();
        assertEquals(Duration.ofMillis(4), tasks.get(0).delay());
        assertEquals(1, tasks.size());
        assertFalse(timer.isNearlyDue());
        pass(4_000);
        assertTrue(timer.looked());
    }

    @Test
    void whenFramesComeInTheTaskIsSeenToBeforeItIsDue() {
        timer.want();
        pass(2_900);
        assertFalse(timer.isNearlyDue());
        pass(200);
        assertTrue(timer.isNearlyDue());
        assertTrue(timer.looked());
        assertTrue(tasks.get(0).future().isCancelled());
        assertFalse(timer.isNearlyDue());
    }

    @Test
    void whatBeganToWaitLateHasItsTime() {
        timer.want();
        pass(1_000);
        timer.flushed();
        pass(1_000);
        timer.want();
        assertEquals(1, tasks.size());
        pass(1_500);
        assertTrue(timer.isNearlyDue());
        assertFalse(timer.looked());
        assertEquals(Duration.ofNanos(2_500_000), tasks.get(1).delay());
        pass(2_500);
        assertTrue(timer.looked());
    }

    @Test
    void nothingRunsWhenNothingWaits() {
        timer.want();
        timer.flushed();
        pass(4_000);
        assertFalse(timer.looked());
        assertFalse(timer.isNearlyDue());
        assertEquals(1, tasks.size());
        timer.want();
        assertEquals(2, tasks.size());
    }
}
