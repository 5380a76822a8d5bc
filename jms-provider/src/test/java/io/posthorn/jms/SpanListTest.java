package io.posthorn.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.provider.DeliverySpan;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** {@link SpanList} against a set of the JDK. */
class SpanListTest {

    @Test
    void itHoldsWhatWasAddedAndNotRemoved() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SpanList list = new SpanList();
            TreeSet<Long> expected = new TreeSet<>();
            long last = 0;
            for (int i = 0; i < 100; i++) {
                if (random.nextInt(5) < 3) {
                    last += random.nextInt(4) == 0 ? 2 : 1;
                    list.add(last);
                    expected.add(last);
                } else {
                    long id = random.nextLong(last + 3);
                    assertEquals(expected.remove(id), list.remove(id), "seed " + seed + ", id " + id);
                }
                assertEquals(expected.isEmpty(), list.isEmpty(), "seed " + seed);
            }
            List<DeliverySpan> spans = new ArrayList<>();
            list.moveTo(null, spans);
            TreeSet<Long> held = new TreeSet<>();
            for (DeliverySpan span : spans) {
                for (long id = span.from(); id <= span.to(); id++) {
                    held.add(id);
                }
            }
            assertEquals(expected, held, "seed " + seed);
        }
    }
}
