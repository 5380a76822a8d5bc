package io.posthorn.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The records about the cluster, frozen in version 1. */
class ClusterRecordsTest {

    private static final DestinationName QUEUE = DestinationName.queue("orders");
    private static final BranchId BRANCH = BranchId.ofGroups(new byte[] {1, 2, 3}, "broker-a");

    private static final List<JournalRecord> RECORDS = List.of(
            new JournalRecord.DestinationPlaced(
                    QUEUE,
                    List.of(
                            new PlacedPart("broker-a", PlacedPart.State.ACTIVE, 1_000),
                            new PlacedPart("broker-b", PlacedPart.State.LEAVING, 2_000)),
                    Map.of("queues", "2")),
            new JournalRecord.DestinationPlaced(QUEUE, List.of(), Map.of()),
            new JournalRecord.SubscriptionGranted(
                    "client-1", "sub", DestinationName.topic("news"), "size > 3", true, true),
            new JournalRecord.SubscriptionGranted(null, "sub", null, null, false, false),
            new JournalRecord.GroupDrained("broker-b", true),
            new JournalRecord.DecisionMade(BRANCH, 3_000, List.of("broker-b", "broker-c")));

    @Test
    void theFormatOfVersion1StaysReadable() throws IOException {
        List<String> lines;
        try (InputStream in = ClusterRecordsTest.class.getResourceAsStream("cluster-records-v1.hex")) {
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

    @Test
    void aRowIsToldByItsName() {
        byte[] placed = ClusterFields.rowKey((JournalRecord.ClusterRecord) RECORDS.get(0));
        assertEquals(33, placed.length);
        assertEquals(
                HexFormat.of().formatHex(placed),
                HexFormat.of().formatHex(ClusterFields.rowKey((JournalRecord.ClusterRecord) RECORDS.get(1))));
        byte[] mine = ClusterFields.rowKey((JournalRecord.ClusterRecord) RECORDS.get(2));
        byte[] others = ClusterFields.rowKey((JournalRecord.ClusterRecord) RECORDS.get(3));
        assertFalse(Arrays.equals(mine, others));
    }
}
