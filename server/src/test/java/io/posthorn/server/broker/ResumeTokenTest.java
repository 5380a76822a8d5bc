package io.posthorn.server.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class ResumeTokenTest {

    @Test
    void aTokenIsOfUseToItsUserOnly() {
        assertEquals(ResumeToken.of(7, "a"), ResumeToken.of(7, "a"));
        assertNotEquals(ResumeToken.of(7, "a"), ResumeToken.of(7, "b"));
        assertNotEquals(ResumeToken.of(7, "a"), ResumeToken.of(7, ""));
        assertNotEquals(ResumeToken.of(7, "a"), ResumeToken.of(8, "a"));
    }

    @Test
    void noneIsNoneForEverybody() {
        assertEquals(0, ResumeToken.of(0, ""));
        assertEquals(0, ResumeToken.of(0, "a"));
        assertNotEquals(0, ResumeToken.of(-1, ""));
    }
}
