package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvLineTest {
    @Test
    void splitsPlainAndQuotedFields() {
        assertEquals(List.of("a", "b c", "d"), CsvLine.split("a,b c,d"));
        assertEquals(List.of("Huber, Söhne & Co.", "x"), CsvLine.split("\"Huber, Söhne & Co.\",x"));
        assertEquals(List.of("Zum \"Posthorn\""), CsvLine.split("\"Zum \"\"Posthorn\"\"\""));
        assertEquals(List.of("\"", "", ""), CsvLine.split("\"\"\"\",\"\","));
    }

    @Test
    void keepsEmptyFields() {
        assertEquals(List.of(""), CsvLine.split(""));
        assertEquals(List.of("", "", ""), CsvLine.split(",,"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"open", "a\"b", "\"a\"b,c", "x,\"a\"\""})
    void refusesMisplacedQuotes(String line) {
        assertThrows(IllegalArgumentException.class, () -> CsvLine.split(line));
    }
}
