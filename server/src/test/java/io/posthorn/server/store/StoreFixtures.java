package io.posthorn.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.message.ByteWriter;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.message.MessageId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Records and messages for the store's tests, and a comparison that looks into arrays. */
public final class StoreFixtures {

    public static final long RECEIVED_MS = 1_700_000_000_000L;

    private StoreFixtures() {}

    public static EncodedMessage message(String body) {
        return message(body.getBytes(StandardCharsets.UTF_8));
    }

    public static EncodedMessage message(byte[] body) {
        MessageHead head = new MessageHead();
        head.destination(DestinationName.queue("orders"));
        head.messageId(new MessageId(7, 1));
        head.timestampMs(RECEIVED_MS);
        return EncodedMessage.encode(head, body);
    }

    public static JournalRecord.Published published(long lane, long offset, int recipient, String body) {
        return new JournalRecord.Published(lane, offset, RECEIVED_MS, 0, 0, new int[] {recipient}, message(body));
    }

    public static void assertSame(List<JournalRecord> expected, List<JournalRecord> actual) {
        assertEquals(text(expected), text(actual));
    }

    /** The encoded form: equal exactly if the records are. */
    public static String text(List<JournalRecord> records) {
        ByteWriter out = new ByteWriter(256);
        EncodedMessage message = RecordCodec.encode(records, out);
        if (message != null) {
            out.raw(message.bytes());
        }
        return HexFormat.of().formatHex(out.array(), 0, out.size());
    }
}
