package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CrewTest {
    @Test
    void aFailedRoleEndsTheWait() {
        try (Crew crew = new Crew()) {
            CompletableFuture<Void> never = new CompletableFuture<>();
            crew.start("worker-2", () -> {
                throw new IllegalStateException("planted");
            });
            RoleFailedException failure =
                    assertThrows(RoleFailedException.class, () -> crew.await(never, () -> 0, 30_000));
            assertEquals("The worker-2 has failed: java.lang.IllegalStateException: planted", failure.getMessage());
        }
    }

    @Test
    void waitsAsLongAsSomethingMovesAndNoLonger() throws Exception {
        try (Crew crew = new Crew()) {
            AtomicLong asked = new AtomicLong();
            // Grows for the first calls, then stands still: the wait must outlast the growth and then end.
            assertFalse(crew.await(new CompletableFuture<>(), () -> Math.min(asked.incrementAndGet(), 6), 5));
            assertTrue(asked.get() >= 6);
        }
    }

    @Test
    void aRoleThatEndsWellReachesItsGoal() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Crew crew = new Crew()) {
            CompletableFuture<Void> done = crew.start("ledger", () -> {
                assertTrue(go.await(30, TimeUnit.SECONDS));
            });
            go.countDown();
            assertTrue(crew.await(done, () -> 0, 30_000));
        }
    }
}
