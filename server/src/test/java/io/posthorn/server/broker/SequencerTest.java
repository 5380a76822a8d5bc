package io.posthorn.server.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One writer at a time, nothing left behind, each poster's events in order. */
class SequencerTest {

    private final ExecutorService relief = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        relief.shutdownNow();
    }

    @Test
    void eventsOfManyThreadsRunOneAtATimeAndInOrder() throws InterruptedException {
        int threads = 4;
        int each = 50_000;
        AtomicBoolean inside = new AtomicBoolean();
        AtomicInteger overlaps = new AtomicInteger();
        int[] next = new int[threads];
        AtomicInteger disorders = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(threads * each);
        Sequencer sequencer = new Sequencer(() -> {}, () -> {}, relief, error -> {});
        List<Thread> posters = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int poster = t;
            posters.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    int expected = i;
                    sequencer.run(() -> {
                        overlaps.addAndGet(inside.compareAndSet(false, true) ? 0 : 1);
                        disorders.addAndGet(next[poster]++ == expected ? 0 : 1);
                        inside.set(false);
                        all.countDown();
                    });
                }
            }));
        }
        posters.forEach(Thread::start);
        assertTrue(all.await(60, TimeUnit.SECONDS), () -> all.getCount() + " events were left behind");
        assertEquals(0, overlaps.get());
        assertEquals(0, disorders.get());
    }

    @Test
    void whatIsQueuedWhileAnEventLoopReadsIsOneBatch() {
        List<Runnable> tasks = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        Sequencer sequencer = new Sequencer(() -> seen.add("end"), () -> {}, relief, error -> {});
        for (String event : List.of("a", "b", "c")) {
            sequencer.post(() -> seen.add(event));
            sequencer.drainAfterReads(tasks::add);
        }
        assertEquals(List.of(), seen);
        assertEquals(1, tasks.size());
        tasks.remove(0).run();
        assertEquals(List.of("a", "b", "c", "end"), seen);
        sequencer.post(() -> seen.add("d"));
        sequencer.drainAfterReads(tasks::add);
        assertEquals(1, tasks.size(), "the next one is asked for anew");
    }

    @Test
    void anEventLoopThatHasEndedLeavesNothingBehind() {
        List<String> seen = new ArrayList<>();
        Sequencer sequencer = new Sequencer(() -> {}, () -> {}, relief, error -> {});
        sequencer.post(() -> seen.add("a"));
        sequencer.drainAfterReads(task -> {
            throw new RejectedExecutionException();
        });
        assertEquals(List.of("a"), seen);
    }

    @Test
    void aFailingEventDoesNotStopTheNext() {
        AtomicInteger ran = new AtomicInteger();
        Sequencer sequencer = new Sequencer(() -> {}, () -> {}, relief, error -> {});
        sequencer.post(() -> {
            throw new IllegalStateException("planned failure");
        });
        sequencer.run(ran::incrementAndGet);
        assertEquals(1, ran.get());
    }

    @Test
    void anErrorIsReportedUntilThatSucceedsAndTheRoleIsGivenBack() {
        AtomicInteger ran = new AtomicInteger();
        List<String> reports = new ArrayList<>();
        Sequencer sequencer = new Sequencer(() -> {}, () -> {}, relief, error -> {
            reports.add(error.getMessage());
            if (reports.size() == 1) {
                throw new OutOfMemoryError("injected again");
            }
        });
        sequencer.run(() -> {
            throw new OutOfMemoryError("injected");
        });
        assertEquals(List.of("injected"), reports);
        sequencer.run(ran::incrementAndGet);
        assertEquals(List.of("injected", "injected"), reports);
        sequencer.run(ran::incrementAndGet);
        assertEquals(2, ran.get());
        assertEquals(2, reports.size(), "it was dealt with");
    }

    @Test
    void anErrorInTheStepAfterwardsIsReportedToo() {
        List<String> reports = new ArrayList<>();
        AtomicInteger afterwards = new AtomicInteger();
        Sequencer sequencer = new Sequencer(
                () -> {},
                () -> {
                    if (afterwards.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("injected");
                    }
                },
                relief,
                error -> reports.add(error.getMessage()));
        sequencer.run(() -> {});
        assertEquals(List.of("injected"), reports);
    }

    @Test
    void theStepAfterwardsRunsOutsideTheRoleAndMayPostMore() {
        List<String> order = new ArrayList<>();
        AtomicInteger afterwards = new AtomicInteger();
        Sequencer[] self = new Sequencer[1];
        self[0] = new Sequencer(
                () -> order.add("end"),
                () -> {
                    order.add("afterwards");
                    if (afterwards.incrementAndGet() == 1) {
                        self[0].post(() -> order.add("follow-up"));
                        self[0].drainOnly();
                    }
                },
                relief,
                error -> {});
        self[0].run(() -> order.add("event"));
        assertEquals(List.of("event", "end", "afterwards", "follow-up", "end"), order);
    }

    @Test
    void aLongRunIsPassedOn() throws InterruptedException {
        CountDownLatch elsewhere = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        AtomicInteger left = new AtomicInteger(20_000);
        AtomicBoolean wrong = new AtomicBoolean();
        Sequencer sequencer = new Sequencer(() -> {}, () -> {}, relief, error -> {});
        for (int i = 0; i < 20_000; i++) {
            sequencer.post(() -> {
                if (left.decrementAndGet() == 0) {
                    wrong.set(Thread.currentThread() == caller);
                    elsewhere.countDown();
                }
            });
        }
        sequencer.drain();
        assertTrue(elsewhere.await(60, TimeUnit.SECONDS));
        assertFalse(wrong.get());
    }
}
