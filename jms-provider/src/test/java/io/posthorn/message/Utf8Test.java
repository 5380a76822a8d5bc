package io.posthorn.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
    @ValueSource(
            strings = {"ff", "61c3", "c328", "eda080edb080", "eda0", "61eda07f", "c080", "80", "efbfbdff", "f4908080"})
    void whatIsNoUtf8IsMalformed(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThrows(MalformedMessageException.class, () -> Utf8.decode(bytes, 0, bytes.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uD83C",
                "\uDFBA",
                "\uDFBA\uD83C",
                "a\uD800?\uFFFD\uD83C\uDFBA\uDBFF\u00fc\uDC00",
                "\uD800\uD800\uDC00\uDC00",
                "plain?",
                "\uD7FF\uE000?"
            })
    void halvesOfSurrogatePairsArriveUnchanged(String text) {
        byte[] bytes = Utf8.encode(text);
        assertEquals(text, Utf8.decode(bytes, 0, bytes.length));
        assertEquals(text, new ByteReader(new ByteWriter(1).string(text).toByteArray()).string());
        assertEquals(text, new ByteReader(new ByteWriter(1).optionalString(text).toByteArray()).optionalString());
    }

    @Test
    void whatUtf8CanSayIsUtf8() {
        String text = "gr\u00fc\u00df?\uD83C\uDFBA\u0000\uFFFD";
        assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), Utf8.encode(text));
        assertThrows(IllegalArgumentException.class, () -> DestinationName.queue("half\uD83C"));
    }

    @Test
    void onlyAStrictReaderRefusesIt() {
        byte[] bytes = new ByteWriter(8).bytes(new byte[] {'a', (byte) 0xff}).toByteArray();
        assertEquals("a\uFFFD", new ByteReader(bytes).string());
        ByteReader strict = new ByteReader(bytes).strictText();
        assertThrows(MalformedMessageException.class, strict::string);
    }
}
