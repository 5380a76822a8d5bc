package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.server.store.Store;
import io.posthorn.time.Clock;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SizeBlockTest {

    @Test
    void sizesAreKeptHoweverTheyCome() {
        long seed = Long.getLong("posthorn.seed", Clock.system().monotonicNs());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            SizeBlock block = new SizeBlock();
            int[] expected = new int[Store.BLOCK_MESSAGES];
            boolean[] set = new boolean[expected.length];
            int bound = 1 << 1 + random.nextInt(24);
            for (int n = random.nextInt(50); n >= 0; n--) {
                int index = random.nextInt(1 << 1 + random.nextInt(12));
                expected[index] = random.nextInt(bound);
                set[index] = true;
                block.set(index, expected[index]);
            }
            for (int i = 0; i < expected.length; i++) {
                if (set[i]) {
                    assertEquals(expected[i], block.get(i), "seed " + seed + ", index " + i);
                }
            }
        }
    }
}
