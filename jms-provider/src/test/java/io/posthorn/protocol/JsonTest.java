package io.posthorn.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void parsesEveryKindOfValue() {
        assertEquals(
                Map.of(
                        "a", Arrays.asList(1L, -2L, 0.5, 1e3, true, false, null),
                        "b", Map.of("c", "x\"\\/\b\f\n\r\t\u00e9\ud83d\ude00"),
                        "", List.of()),
                Json.parse(" {\"a\":[1,-2,0.5,1e3,true,false,null],"
                        + "\"b\":{\"c\":\"x\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"} , \"\":[ ] } "));
        assertEquals(Long.MAX_VALUE, Json.parse("9223372036854775807"));
        assertEquals(Long.MIN_VALUE, Json.parse("-9223372036854775808"));
        assertEquals(9223372036854775808.0, Json.parse("9223372036854775808"));
        assertEquals("2", ((Map<?, ?>) Json.parse("{\"k\":\"1\",\"k\":\"2\"}")).get("k"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{0:1}",
                "{{}:1}",
                "\"",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u00g0\"",
                "\"\\u\uff10000\"",
                "\"\n\"",
                "01",
                "1.",
                ".5",
                "-",
                "+1",
                "1e",
                "1e+",
                "1e999",
                "nul",
                "True",
                "1 2",
                "'a'",
                "NaN",
                "[1 2]"
            })
    void refusesWhatIsNoJson(String text) {
        assertThrows(ProtocolException.class, () -> Json.parse(text));
    }

    @Test
    void takesTheKeysOfRocketMqWhenLenient() {
        assertEquals(Map.of("0", "a:1", "12", "b:2"), Json.parseLenient("{0:\"a:1\", 12:\"b:2\"}"));
        assertEquals(Map.of("-1", 5L), Json.parseLenient("{-1:5}"));
        String offsets = "{\"offsetTable\":{{\"queueId\":3,\"topic\":\"T\"}:{\"max\":7}}}";
        assertEquals(
                Map.of("offsetTable", Map.of("{\"queueId\":3,\"topic\":\"T\"}", Map.of("max", 7L))),
                Json.parseLenient(offsets));
        assertThrows(ProtocolException.class, () -> Json.parseLenient("{a:1}"));
    }

    @Test
    void writesKeysInEitherForm() {
        Map<Object, Object> addresses = new LinkedHashMap<>();
        addresses.put(0L, "a:1");
        addresses.put("10", "b:2");
        addresses.put("007", "c");
        addresses.put("x", null);
        assertEquals("{\"0\":\"a:1\",\"10\":\"b:2\",\"007\":\"c\",\"x\":null}", Json.write(addresses));
        assertEquals("{0:\"a:1\",10:\"b:2\",\"007\":\"c\",\"x\":null}", Json.writeUnquotedNumericKeys(addresses));
    }

    @Test
    void writesValues() {
        assertEquals(
                "[1,2,3,4,0.5,true,null,\"\\u0001\\n\\\"\\\\/\\ud800é😀\"]",
                Json.write(Arrays.asList(
                        1, 2L, (short) 3, (byte) 4, 0.5, true, null, "\u0001\n\"\\/\ud800\u00e9\ud83d\ude00")));
        assertThrows(IllegalArgumentException.class, () -> Json.write(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Json.write(new Object()));
        List<Object> loop = new ArrayList<>();
        loop.add(loop);
        assertThrows(IllegalArgumentException.class, () -> Json.write(loop));
    }

    @Test
    void boundsDepthAndSize() {
        String deepest = "[".repeat(Json.DEPTH_MAX) + "]".repeat(Json.DEPTH_MAX);
        assertEquals(deepest, Json.write(Json.parse(deepest)));
        assertThrows(ProtocolException.class, () -> Json.parse("[" + deepest + "]"));
        String tooLong = " ".repeat(Json.TEXT_MAX_CHARS) + "1";
        assertThrows(ProtocolException.class, () -> Json.parse(tooLong));
    }

    @Test
    void randomValuesSurviveTheRoundTrip() {
        for (long seed = 0; seed < 500; seed++) {
            Object value = value(new SplittableRandom(seed), 0);
            String text = Json.write(value);
            assertEquals(value, Json.parse(text), "seed " + seed);
            assertEquals(value, Json.parseLenient(text), "seed " + seed);
            assertEquals(value, Json.parseLenient(Json.writeUnquotedNumericKeys(value)), "seed " + seed);
        }
    }

    private static Object value(SplittableRandom random, int depth) {
        switch (random.nextInt(depth > 4 ? 5 : 7)) {
            case 0:
                return null;
            case 1:
                return random.nextBoolean();
            case 2:
                return random.nextLong() >> random.nextInt(64);
            case 3:
                return (double) random.nextLong(-1000, 1000) / 8;
            case 4:
                return text(random);
            case 5:
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                return list;
            default:
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put(random.nextBoolean() ? text(random) : "" + random.nextInt(1000), value(random, depth + 1));
                }
                return map;
        }
    }

    private static String text(SplittableRandom random) {
        char[] chars = new char[random.nextInt(12)];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x10000));
        }
        return new String(chars);
    }
}
