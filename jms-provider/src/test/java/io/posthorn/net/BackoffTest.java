package io.posthorn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void doublesUpToTheMaximumWithinTheUpperHalf() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
        SplittableRandom random = new SplittableRandom(1);
        long[] ceilings = {100, 200, 400, 800, 1600, 3200, 5000, 5000};
        for (int failures = 0; failures < ceilings.length; failures++) {
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < 2000; i++) {
                long delay = backoff.delayMs(failures, random);
                assertTrue(delay >= ceilings[failures] / 2 && delay <= ceilings[failures], failures + ": " + delay);
                seen.add(delay);
            }
            assertTrue(seen.size() > 40, "no jitter after " + failures + " failures");
        }
    }

    @Test
    void noNumberOfFailuresOverflows() {
        SplittableRandom random = new SplittableRandom(2);
        for (Duration max : new Duration[] {Duration.ofSeconds(60), Duration.ofMillis(Long.MAX_VALUE)}) {
            Backoff backoff = new Backoff(Duration.ofMillis(7), max);
            for (int failures : new int[] {20, 58, 59, 60, 61, 62, 63, 64, 65, 1000, Integer.MAX_VALUE}) {
                long delay = backoff.delayMs(failures, random);
                assertTrue(delay > 0 && delay <= max.toMillis(), failures + ": " + delay);
            }
        }
        assertEquals(1, new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)).delayMs(9, random));
    }

    @Test
    void refusesNonsense() {
        assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, Duration.ofMillis(1)));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ofMillis(2), Duration.ofMillis(1)));
    }
}
