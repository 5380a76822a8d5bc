package io.posthorn.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.protocol.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** The three forms of the register body, written by hand as genuine brokers write them. */
class RegisterBodyCodecTest {

    private static final TopicTable TABLE = new TopicTable(
            new DataVersion(7, 1_700_000_000_000L, 3),
            List.of(new TopicConfig("t", 4, 3, 6), new TopicConfig("%QUEUE%orders", 1, 1, 6)));

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void thePlainFormComesBackAsItWas() {
        assertEquals(TABLE, RegisterBodyCodec.decode(RegisterBodyCodec.encode(TABLE), false, 479));
    }

    @Test
    void attributesAndFlagsAreWritten() {
        TopicConfig topic = new TopicConfig("%H%ab", 2, 1, 6, 0, java.util.Map.of("posthorn.destination", "ä"));
        String json = new String(
                RegisterBodyCodec.encode(new TopicTable(DataVersion.NONE, List.of(topic))), StandardCharsets.UTF_8);
        assertTrue(
                json.contains("\"%H%ab\":{\"attributes\":{\"posthorn.destination\":\"ä\"},\"order\":false,\"perm\":6,"
                        + "\"readQueueNums\":2,\"topicFilterType\":\"SINGLE_TAG\",\"topicName\":\"%H%ab\","
                        + "\"topicSysFlag\":0,\"writeQueueNums\":1}"),
                json);
    }

    @Test
    void onlyTableAndVersionAreNeeded() {
        byte[] body = utf8("{\"topicConfigSerializeWrapper\":{\"topicConfigTable\":{\"t\":{\"topicName\":\"t\","
                + "\"readQueueNums\":4,\"writeQueueNums\":3,\"perm\":6,\"topicFilterType\":\"SINGLE_TAG\","
                + "\"topicSysFlag\":0,\"order\":false}},\"dataVersion\":{\"counter\":2,\"timestamp\":9}}}");
        assertEquals(
                new TopicTable(new DataVersion(0, 9, 2), List.of(new TopicConfig("t", 4, 3, 6))),
                RegisterBodyCodec.decode(body, false, 479));
    }

    @Test
    void oldSendersDoNotWrapTheTable() {
        byte[] body = utf8("{\"dataVersion\":{\"counter\":2,\"timestamp\":9},"
                + "\"topicConfigTable\":{\"t\":{\"perm\":6,\"readQueueNums\":4,\"writeQueueNums\":3}}}");
        assertEquals(
                List.of(new TopicConfig("t", 4, 3, 6)),
                RegisterBodyCodec.decode(body, false, 36).topics());
        assertEquals(List.of(), RegisterBodyCodec.decode(body, false, 37).topics());
    }

    @Test
    void noBodyIsAnEmptyTable() {
        assertEquals(new TopicTable(DataVersion.NONE, List.of()), RegisterBodyCodec.decode(new byte[0], false, 479));
    }

    @Test
    void theCompressedFormIsRead() throws IOException {
        byte[] body = compressed(
                "{\"counter\":3,\"stateVersion\":7,\"timestamp\":1700000000000}",
                "t 4 3 6 SINGLE_TAG {}",
                "%QUEUE%orders 1 1 6 SINGLE_TAG {\"+a\":\"b c\"}");
        assertEquals(TABLE, RegisterBodyCodec.decode(body, true, 479));
    }

    private static byte[] compressed(String version, String... lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            text(out, version);
            out.writeInt(lines.length);
            for (String line : lines) {
                text(out, line);
            }
            text(out, "[]");
            out.writeInt(0);
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeInt(utf8(text).length);
        out.write(utf8(text));
    }

    @Test
    void malformedBodiesAreNamed() throws IOException {
        assertMalformed(utf8("[]"), false);
        assertMalformed(utf8("{\"topicConfigSerializeWrapper\":7}"), false);
        assertMalformed(utf8("{\"topicConfigSerializeWrapper\":{\"topicConfigTable\":{\"t\":1}}}"), false);
        assertMalformed(
                utf8("{\"topicConfigSerializeWrapper\":{\"topicConfigTable\":{\"t\":{\"perm\":\"6\"}}}}"), false);
        assertMalformed(
                utf8("{\"topicConfigSerializeWrapper\":{\"topicConfigTable\":{\"t\":{\"readQueueNums\":-1}}}}"), false);
        assertMalformed(utf8("no zlib"), true);
        assertMalformed(compressed("{}", "t 4 3"), true);
        assertMalformed(compressed("{}", "t 4 x 6"), true);
    }

    private static void assertMalformed(byte[] body, boolean compressed) {
        assertThrows(ProtocolException.class, () -> RegisterBodyCodec.decode(body, compressed, 479));
    }

    @Test
    void aFalseLengthIsRefusedBeforeItIsAllocated() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            out.writeInt(Integer.MAX_VALUE);
        }
        assertMalformed(bytes.toByteArray(), true);
    }

    @Test
    void damagedBodiesFailByNameOrNotAtAll() throws IOException {
        byte[] plain = RegisterBodyCodec.encode(TABLE);
        byte[] packed = compressed("{\"counter\":3}", "t 4 3 6 SINGLE_TAG {}", "u 4 3 6 SINGLE_TAG {}");
        long seed = 20_261_122L;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = (i % 2 == 0 ? plain : packed).clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] cut = Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
            try {
                RegisterBodyCodec.decode(i % 3 == 0 ? cut : damaged, i % 2 != 0, 479);
            } catch (ProtocolException expected) {
                assertTrue(expected.getMessage() != null, "seed " + seed + ", round " + i);
            }
        }
    }

    @Test
    void theChecksumLacksTheTopBit() {
        // CRC-32 of "123456789" is CBF43926 by definition.
        assertEquals(0x4bf43926, RegisterBodyCodec.crc(utf8("123456789")));
    }
}
