package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** {@link OffsetQueue} against a queue of the JDK. */
class OffsetQueueTest {

    @Test
    void itGivesBackWhatWasAddedInOrder() {
        SplittableRandom random = new SplittableRandom(7);
        OffsetQueue queue = new OffsetQueue();
        ArrayDeque<Long> expected = new ArrayDeque<>();
        long last = -1;
        for (int i = 0; i < 100_000; i++) {
            if (expected.isEmpty() || random.nextInt(100) < (i / 5_000 % 2 == 0 ? 70 : 30)) {
                last += 1
                        + (random.nextInt(50) == 0
                                ? random.nextLong(1L << random.nextInt(1, 40))
                                : random.nextInt(300));
                queue.add(last);
                expected.add(last);
            } else {
                queue.poll();
                expected.poll();
            }
            assertEquals(expected.isEmpty(), queue.isEmpty());
            if (!expected.isEmpty()) {
                assertEquals(expected.peekFirst(), queue.first());
                assertEquals(expected.peekLast(), queue.last());
            }
        }
        assertTrue(last > 1L << 39, "large differences too");
    }
}
