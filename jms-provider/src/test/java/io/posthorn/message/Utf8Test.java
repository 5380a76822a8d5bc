package io.posthorn.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "gr\u00fc\u00df", "\u4E16\uD83C\uDFBA", "\uFFFD", "a\uFFFDb \uFFFF\u0000"})
    void textIsReadWhereItLies(String text) {
        byte[] bytes = ("[" + text + "]").getBytes(StandardCharsets.UTF_8);
        assertEquals(text, Utf8.decode(bytes, 1, bytes.length - 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "61c3", "c328", "eda080", "c080", "80", "efbfbdff", "f4908080"})
    void whatIsNoUtf8IsMalformed(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThrows(MalformedMessageException.class, () -> Utf8.decode(bytes, 0, bytes.length));
    }

    @Test
    void onlyAStrictReaderRefusesIt() {
        byte[] bytes = new ByteWriter(8).bytes(new byte[] {'a', (byte) 0xff}).toByteArray();
        assertEquals("a\uFFFD", new ByteReader(bytes).string());
        ByteReader strict = new ByteReader(bytes).strictText();
        assertThrows(MalformedMessageException.class, strict::string);
    }
}
