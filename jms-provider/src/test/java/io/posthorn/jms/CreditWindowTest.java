package io.posthorn.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CreditWindowTest {

    @Test
    void aReceiverStartsWithOneMessageAndEarnsHalfOfWhatItTook() {
        assertEquals(1, CreditWindow.forReceiver(0, 256));
        assertEquals(1, CreditWindow.forReceiver(3, 256));
        assertEquals(2, CreditWindow.forReceiver(4, 256));
        assertEquals(50, CreditWindow.forReceiver(100, 256));
        assertEquals(256, CreditWindow.forReceiver(Long.MAX_VALUE, 256));
        assertEquals(1, CreditWindow.forReceiver(1_000, 1));
    }

    @Test
    void creditIsRenewedWhenHalfOfTheWindowIsLeft() {
        assertEquals(256, CreditWindow.limit(0, 0, 256));
        assertEquals(256, CreditWindow.limit(127, 256, 256));
        assertEquals(384, CreditWindow.limit(128, 256, 256));
        assertEquals(8, CreditWindow.limit(7, 7, 1));
        assertEquals(8, CreditWindow.limit(7, 8, 1));
    }

    @Test
    void theLimitNeverFallsAndNeverExceedsAWindowBeyondWhatIsConsumed() {
        for (int window = 1; window <= 9; window++) {
            for (long consumed = 0; consumed < 40; consumed++) {
                for (long granted = 0; granted <= consumed + window; granted++) {
                    long limit = CreditWindow.limit(consumed, granted, window);
                    assertTrue(limit >= granted);
                    assertTrue(limit <= consumed + window);
                    assertTrue(limit > consumed, "somebody who asks gets at least one message");
                }
            }
        }
    }
}
