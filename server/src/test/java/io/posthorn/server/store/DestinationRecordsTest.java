package io.posthorn.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The records of settings and sizes, frozen in version 1. */
class DestinationRecordsTest {

    private static final List<JournalRecord> RECORDS = List.of(
            new JournalRecord.DestinationChanged(300, Map.of("maxBytes", "1048576")),
            new JournalRecord.DestinationChanged(1, Map.of()),
            new JournalRecord.SizeRow(LaneId.of(1, 0, 4), 7, new int[] {1100}),
            new JournalRecord.SizeRow(LaneId.of(1, 0, 4), 8, new int[] {0, 1, 70_000}));

    @Test
    void theFormatOfVersion1StaysReadable() throws IOException {
        List<String> lines;
        try (InputStream in = DestinationRecordsTest.class.getResourceAsStream("destination-records-v1.hex")) {
            lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
        assertEquals(RECORDS.size(), lines.size());
        for (int i = 0; i < lines.size(); i++) {
            byte[] frozen = HexFormat.of().parseHex(lines.get(i));
            List<JournalRecord> read = RecordCodec.decode(frozen, 0, frozen.length);
            assertEquals(RecordText.of(List.of(RECORDS.get(i))), RecordText.of(read), "line " + (i + 1));
            assertEquals(lines.get(i), StoreFixtures.text(List.of(RECORDS.get(i))), "line " + (i + 1));
        }
    }
}
