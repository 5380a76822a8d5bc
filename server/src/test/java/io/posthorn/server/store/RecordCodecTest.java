package io.posthorn.server.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.BranchId;
import io.posthorn.message.ByteWriter;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

    private static final long SEED = 42;
    private static final int TYPES = 22;

    /** In records-v2.hex each line is a millisecond later than the one before. */
    private static final long FIRST_MS = 1_700_000_000_123L;

    @Test
    void everyRecordTypeComesBackAsItWas() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 2000; round++) {
            JournalRecord record = random(round % TYPES, random);
            JournalRecord back = roundTrip(List.of(record)).get(0);
            assertEquals(RecordText.of(record), RecordText.of(back), "seed " + SEED + " round " + round);
        }
    }

    @Test
    void anEntryOfSeveralRecordsKeepsTheirOrderAndItsMessage() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 500; round++) {
            List<JournalRecord> records = new ArrayList<>();
            int bearer = random.nextInt(4);
            for (int i = 0; i < 4; i++) {
                records.add(random(i == bearer ? 5 : 9, random));
            }
            List<JournalRecord> back = roundTrip(records);
            for (int i = 0; i < 4; i++) {
                assertEquals(RecordText.of(records.get(i)), RecordText.of(back.get(i)), "seed " + SEED);
            }
        }
    }

    @Test
    void theMessageIsLeftOutOnRequest() {
        JournalRecord.Published published = StoreFixtures.published(LaneId.of(1, 0, 4), 5, 2, "body");
        byte[] payload = encode(List.of(published));
        JournalRecord.Published without = (JournalRecord.Published)
                RecordCodec.decodeWithoutMessage(payload, 0, payload.length).get(0);
        assertNull(without.message());
        assertEquals(5, without.offset());
        assertArrayEquals(
                published.message().bytes(),
                RecordCodec.decodeMessage(payload, 0, payload.length).bytes());
    }

    @Test
    void theFormatOfVersion1StaysReadable() throws IOException {
        List<JournalRecord> fixed = fixtures();
        List<String> lines = lines("records-v1.hex");
        assertEquals(fixed.size(), lines.size());
        for (int i = 0; i < lines.size(); i++) {
            byte[] frozen = HexFormat.of().parseHex(lines.get(i));
            JournalRecord read = RecordCodec.decode(frozen, 0, frozen.length).get(0);
            assertEquals(RecordText.of(fixed.get(i)), RecordText.of(read), "line " + (i + 1));
            assertEquals(lines.get(i), HexFormat.of().formatHex(encode(List.of(fixed.get(i)))), "line " + (i + 1));
        }
    }

    @Test
    void theFormatOfVersion2StaysReadable() throws IOException {
        List<JournalRecord> fixed = fixtures();
        fixed.add(new JournalRecord.LevelRaised(2));
        fixed.add(new JournalRecord.Postponed(-5, 6, 7, 8, 1_700_000_000_000L, new int[] {1, 300}));
        List<String> lines = lines("records-v2.hex");
        assertEquals(fixed.size(), lines.size());
        for (int i = 0; i < lines.size(); i++) {
            byte[] frozen = HexFormat.of().parseHex(lines.get(i));
            JournalRecord read = RecordCodec.decode(frozen, 0, frozen.length).get(0);
            assertEquals(RecordText.of(fixed.get(i)), RecordText.of(read), "line " + (i + 1));
            assertEquals(2, RecordCodec.version(frozen, 0));
            assertEquals(FIRST_MS + i, RecordCodec.timeMs(frozen, 0, frozen.length));
            assertArrayEquals(frozen, encode(fixed.get(i), FIRST_MS + i), "line " + (i + 1));
        }
    }

    @Test
    void version1SaysNoTime() {
        byte[] payload = encode(List.of(new JournalRecord.ProducerClosed(7)));
        assertEquals(1, RecordCodec.version(payload, 0));
        assertEquals(RecordCodec.NO_TIME, RecordCodec.timeMs(payload, 0, payload.length));
    }

    @Test
    void aTimeThatIsCutIsRefused() {
        byte[] payload = encode(new JournalRecord.ProducerClosed(7), FIRST_MS);
        for (int length = 0; length < payload.length; length++) {
            int cut = length;
            assertThrows(StoreException.class, () -> RecordCodec.decode(payload, 0, cut), "cut to " + cut);
        }
        assertThrows(StoreException.class, () -> RecordCodec.timeMs(payload, 0, 8));
    }

    @Test
    void anUnknownRecordTypeIsNamed() {
        byte[] payload = {1, 1, 99};
        StoreException unknown = assertThrows(StoreException.class, () -> RecordCodec.decode(payload, 0, 3));
        assertTrue(unknown.getMessage().contains("unknown record type 99"), unknown.getMessage());
    }

    @Test
    void aNewerPayloadVersionIsRefused() {
        byte[] payload = {3, 1, 9};
        StoreException newer = assertThrows(StoreException.class, () -> RecordCodec.decode(payload, 0, 3));
        assertTrue(newer.getMessage().contains("payload version 3"), newer.getMessage());
    }

    @Test
    void cutPayloadsAreRefused() {
        byte[] payload = encode(List.of(random(7, new SplittableRandom(SEED))));
        for (int length = 0; length < payload.length; length++) {
            int cut = length;
            assertThrows(StoreException.class, () -> RecordCodec.decode(payload, 0, cut), "cut to " + cut);
        }
    }

    @Test
    void twoMessagesInAnEntryAndNegativeFieldsAreRefused() {
        JournalRecord published = StoreFixtures.published(LaneId.of(1, 0, 4), 5, 2, "body");
        assertThrows(StoreException.class, () -> encode(List.of(published, published)));
        assertThrows(StoreException.class, () -> encode(List.of()));
        StoreException negative =
                assertThrows(StoreException.class, () -> encode(List.of(new JournalRecord.Aborted(1, -1))));
        assertTrue(negative.getMessage().contains("Aborted"), negative.getMessage());
    }

    private static List<JournalRecord> roundTrip(List<JournalRecord> records) {
        byte[] payload = encode(records);
        return RecordCodec.decode(payload, 0, payload.length);
    }

    private static List<String> lines(String name) throws IOException {
        try (InputStream in = RecordCodecTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    private static byte[] encode(JournalRecord record, long timeMs) {
        ByteWriter out = new ByteWriter(256);
        EncodedMessage message = RecordCodec.encode(List.of(record), timeMs, out);
        if (message != null) {
            out.raw(message.bytes());
        }
        return Arrays.copyOf(out.array(), out.size());
    }

    private static byte[] encode(List<JournalRecord> records) {
        return HexFormat.of().parseHex(StoreFixtures.text(records));
    }

    /** One record of each type with fixed content; the frozen file has one line for each. */
    static List<JournalRecord> fixtures() {
        SplittableRandom random = new SplittableRandom(1);
        List<JournalRecord> records = new ArrayList<>();
        for (int type = 0; type < TYPES; type++) {
            records.add(random(type, random));
        }
        return records;
    }

    private static JournalRecord random(int type, SplittableRandom random) {
        int id = random.nextInt(Integer.MAX_VALUE);
        long lane = LaneId.of(1 + random.nextInt(1 << 30), random.nextInt(256), random.nextInt(10));
        long offset = random.nextLong(1L << 50);
        long time = random.nextLong(1L << 45);
        long producer = random.nextLong();
        long sequence = random.nextLong(1L << 40);
        return switch (type) {
            case 0 -> new JournalRecord.EpochStarted(sequence, time);
            case 1 ->
                new JournalRecord.DestinationCreated(
                        id,
                        new DestinationName(DestinationKind.ofCode(1 + random.nextInt(4)), "n\u00e4me" + id),
                        1 + random.nextInt(255),
                        time,
                        attributes(random));
            case 2 -> new JournalRecord.DestinationDeleted(id);
            case 3 ->
                new JournalRecord.SubscriptionCreated(
                        id,
                        random.nextInt(100),
                        random.nextBoolean() ? "client" : null,
                        random.nextBoolean() ? "name" : null,
                        random.nextBoolean() ? "a = 'b'" : null,
                        random.nextBoolean(),
                        random.nextBoolean());
            case 4 -> new JournalRecord.SubscriptionDeleted(id);
            case 5 ->
                new JournalRecord.Published(
                        lane, offset, time, producer, sequence, ids(random), StoreFixtures.message("b" + id));
            case 6 -> new JournalRecord.Staged(producer, sequence, id, sequence, time, StoreFixtures.message("b" + id));
            case 7 -> new JournalRecord.Committed(producer, sequence, time, placements(random), settlements(random));
            case 8 -> new JournalRecord.Aborted(producer, sequence);
            case 9 -> new JournalRecord.Settled(settlements(random));
            case 10 -> new JournalRecord.HandedOver(id, lane, ranges(random));
            case 11 -> new JournalRecord.Deferred(id, lane, offset, time);
            case 12 ->
                new JournalRecord.Scheduled(
                        sequence, time, time + 1, producer, sequence, ids(random), StoreFixtures.message("b" + id));
            case 13 ->
                random.nextBoolean()
                        ? new JournalRecord.Due(sequence, lane, offset, ids(random))
                        : new JournalRecord.Due(sequence, -1, -1, new int[0]);
            case 14 -> new JournalRecord.ProducerClosed(producer);
            case 15 -> new JournalRecord.LaneRow(lane, offset);
            case 16 ->
                new JournalRecord.PendingRow(id, lane, offset, random.longs(64).toArray());
            case 17 -> new JournalRecord.DeliveryRow(id, lane, offset, random.nextInt(100), time);
            case 18 ->
                new JournalRecord.ProducerRow(producer, 1L << 41, new long[] {3, 5, 6, 1L << 40}, sequence, time);
            case 19 -> new JournalRecord.Prepared(branch(random), time, parts(random), settlements(random));
            case 20 ->
                new JournalRecord.BranchEnded(
                        branch(random), BranchOutcome.values()[random.nextInt(BranchOutcome.values().length)], time);
            case 21 ->
                new JournalRecord.LargeRow(
                        LaneId.of(3, 0, 4), 77, new LargeBody(700_000, LaneId.of(9, 0, 4), new long[] {5, 6, 9, 9}));
            default -> throw new AssertionError("no type " + type);
        };
    }

    private static BranchId branch(SplittableRandom random) {
        byte[] gtrid = new byte[1 + random.nextInt(BranchId.PART_MAX_BYTES)];
        byte[] bqual = new byte[random.nextInt(BranchId.PART_MAX_BYTES + 1)];
        random.nextBytes(gtrid);
        random.nextBytes(bqual);
        return new BranchId(random.nextInt() >>> 1, gtrid, bqual);
    }

    private static List<BranchPart> parts(SplittableRandom random) {
        List<BranchPart> parts = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            parts.add(new BranchPart(random.nextLong(), random.nextLong(1L << 40), random.nextBoolean() ? "c" : null));
        }
        return parts;
    }

    private static Map<String, String> attributes(SplittableRandom random) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            attributes.put("key" + i, "value" + random.nextInt(100));
        }
        return attributes;
    }

    private static int[] ids(SplittableRandom random) {
        return random.ints(1 + random.nextInt(5), 1, Integer.MAX_VALUE).toArray();
    }

    private static long[] ranges(SplittableRandom random) {
        long[] ranges = new long[2 * (1 + random.nextInt(4))];
        long at = 0;
        for (int i = 0; i < ranges.length; i++) {
            // From the end of a range to the next one is at least 1; within a range 0 is a single message.
            at += random.nextInt(1000) + (i % 2 == 0 ? 1 : 0);
            ranges[i] = at;
        }
        return ranges;
    }

    private static List<Placement> placements(SplittableRandom random) {
        List<Placement> placements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            placements.add(new Placement(i, LaneId.of(i, 0, 4), random.nextLong(1L << 40), ids(random)));
        }
        return placements;
    }

    private static List<Settlement> settlements(SplittableRandom random) {
        List<Settlement> settlements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            settlements.add(new Settlement(i, LaneId.of(i, 0, 4), ranges(random), random.nextBoolean()));
        }
        return settlements;
    }
}
