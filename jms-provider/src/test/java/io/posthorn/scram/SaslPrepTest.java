package io.posthorn.scram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaslPrepTest {

    /** The examples of RFC 4013, section 3, and one for each mapping. */
    @ParameterizedTest
    @CsvSource({
        "I\u00adX, IX",
        "user, user",
        "USER, USER",
        "\u00aa, a",
        "\u2168, IX",
        "a\u00a0b, a b",
        "a\u3000b, a b",
        "a\u200bb, a b",
        "a\u2060b\ufeffc\ufe0fd, abcd",
        "pa\u0308sse, p\u00e4sse",
        "\u05e9\u05dc\u05d5\u05dd, \u05e9\u05dc\u05d5\u05dd",
        "\ud83d\udd11key, \ud83d\udd11key"
    })
    void isMappedAndNormalised(String text, String prepared) {
        assertEquals(prepared, SaslPrep.prepare(text));
    }

    @Test
    void plainTextIsItself() {
        assertEquals("", SaslPrep.prepare(""));
        assertEquals(" ~!\"#=,", SaslPrep.prepare(" ~!\"#=,"));
    }

    @Test
    void theRestIsForbiddenAndNotQuoted() {
        String[] texts = {
            "\u0007",
            "a\tb",
            "a\nb",
            "\u007f",
            "\u0085",
            "\u2028",
            "\u202e",
            "\u206a",
            "\ue000",
            "\ufdd0",
            "\uffff",
            "\ud800",
            "\ufffd",
            "\u2ff0",
            "\u0627\u0031",
            "\u0627a\u0627"
        };
        for (String text : texts) {
            SaslPrepException forbidden = assertThrows(SaslPrepException.class, () -> SaslPrep.prepare(text));
            assertFalse(forbidden.getMessage().contains(text));
        }
    }
}
