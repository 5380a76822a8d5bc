package io.posthorn.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LargeBodyTest {

    private static final long SEED = 11;

    /** Version 1, frozen. */
    private static final String FROZEN = "01" + "e0dc2a" + "0000000000090004" + "02" + "0501" + "0300";

    @Test
    void theFormatOfVersion1StaysReadable() {
        LargeBody body = new LargeBody(700_000, 9L << 16 | 4, new long[] {5, 6, 9, 9});
        byte[] frozen = HexFormat.of().parseHex(FROZEN);
        assertEquals(body, LargeBody.decode(frozen, 0, frozen.length));
        assertArrayEquals(frozen, body.encode());
        assertEquals(3, body.chunks());
        assertEquals(5, body.firstOffset());
    }

    @Test
    void everyBodyComesBackAsItWas() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 500; round++) {
            long[] ranges = new long[2 * (1 + random.nextInt(20))];
            long at = random.nextLong(1L << 40);
            long chunks = 0;
            for (int i = 0; i < ranges.length; i += 2) {
                ranges[i] = at + 2 + random.nextInt(9);
                ranges[i + 1] = ranges[i] + random.nextInt(50);
                at = ranges[i + 1];
                chunks += ranges[i + 1] - ranges[i] + 1;
            }
            long length = chunks * LargeBody.CHUNK_BYTES - random.nextInt(LargeBody.CHUNK_BYTES);
            LargeBody body = new LargeBody(length, random.nextLong(), ranges);
            byte[] bytes = body.encode();
            assertEquals(body, LargeBody.decode(bytes, 0, bytes.length), "seed " + SEED + " round " + round);
        }
    }

    @Test
    void whatMakesNoSenseIsMalformed() {
        byte[] frozen = HexFormat.of().parseHex(FROZEN);
        for (int length = 0; length < frozen.length; length++) {
            int cut = length;
            assertThrows(MalformedMessageException.class, () -> LargeBody.decode(frozen, 0, cut), "cut to " + cut);
        }
        for (String wrong : new String[] {
            "02" + FROZEN.substring(2), // version
            FROZEN + "00", // longer
            "01" + "01" + "0000000000090004" + "02" + "0501" + "0300", // too many chunks
            "01" + "e0dc2a" + "0000000000090004" + "01" + "0501", // too few
            "01" + "e0dc2a" + "0000000000090004" + "02" + "0501" + "0000", // a chunk twice
            "01" + "00" + "0000000000090004" + "00", // nothing
            "01" + "e0dc2a" + "0000000000090004" + "01" + "ffffffffffffffff7f" + "ffffffffffffffff7f" // overflow
        }) {
            byte[] bytes = HexFormat.of().parseHex(wrong);
            assertThrows(MalformedMessageException.class, () -> LargeBody.decode(bytes, 0, bytes.length), wrong);
        }
    }

    @Test
    void aMessageTellsWhetherItsBodyLiesElsewhere() {
        MessageHead head = new MessageHead();
        head.destination(DestinationName.queue("q"));
        head.bodyType(BodyType.BYTES);
        head.properties().put("a", 1);
        EncodedMessage plain = EncodedMessage.encode(head, new byte[] {1, 2, 3});
        LargeBody body = new LargeBody(1, 4, new long[] {7, 7});
        EncodedMessage large = EncodedMessage.wrap(plain.withLargeBody(body).bytes());
        large.validate();
        assertTrue(large.isLarge());
        assertFalse(plain.isLarge());
        assertEquals(body, large.largeBody());
        assertEquals(1, large.properties().get("a"));
        EncodedMessage whole = large.withBody(new byte[] {1, 2, 3});
        assertArrayEquals(plain.bytes(), whole.bytes());
        byte[] broken = large.bytes().clone();
        broken[large.headLength()] = 9;
        assertThrows(
                MalformedMessageException.class,
                () -> EncodedMessage.wrap(broken).validate());
    }
}
