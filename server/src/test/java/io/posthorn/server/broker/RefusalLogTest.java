package io.posthorn.server.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RefusalLogTest {

    @Test
    void aStrangersNameCannotForgeLines() {
        assertEquals("j2ee", RefusalLog.printable("j2ee"));
        assertEquals("jürgen b", RefusalLog.printable("jürgen b"));
        assertEquals("a?INFO b?c??d", RefusalLog.printable("a\nINFO b\u2028c\u001b\u202ed"));
        assertEquals("a?", RefusalLog.printable("a\""));
        assertEquals("n".repeat(64) + "…", RefusalLog.printable("n".repeat(65)));
    }
}
