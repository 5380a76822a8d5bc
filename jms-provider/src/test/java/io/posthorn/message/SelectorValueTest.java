package io.posthorn.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectorValueTest {

    private static MessageHead head() {
        MessageHead head = new MessageHead();
        head.destination(DestinationName.queue("ä-queue"));
        return head;
    }

    private static EncodedMessage encoded(MessageHead head) {
        byte[] body = {9, 8, 7, 6};
        EncodedMessage message = EncodedMessage.encode(head, body, 1, 2);
        assertEquals(2, message.bodyLength());
        assertEquals(8, message.body()[0]);
        return EncodedMessage.wrap(message.bytes());
    }

    @Test
    void headersByName() {
        MessageHead head = head();
        EncodedMessage bare = encoded(head);
        assertEquals("PERSISTENT", bare.selectorValue("JMSDeliveryMode"));
        assertEquals(4, bare.selectorValue("JMSPriority"));
        assertEquals(0L, bare.selectorValue("JMSTimestamp"));
        for (String absent :
                new String[] {"JMSMessageID", "JMSCorrelationID", "JMSType", "JMSXGroupID", "JMSFoo", "x"}) {
            assertNull(bare.selectorValue(absent), absent);
        }
        head.persistent(false);
        head.priority(9);
        head.timestampMs(77);
        head.messageId(new MessageId(1, 2));
        head.correlationId("c");
        head.type("");
        head.replyTo(DestinationName.topic("r"));
        head.properties().put("JMSXGroupID", "g");
        EncodedMessage full = encoded(head);
        assertEquals("NON_PERSISTENT", full.selectorValue("JMSDeliveryMode"));
        assertEquals(9, full.selectorValue("JMSPriority"));
        assertEquals(77L, full.selectorValue("JMSTimestamp"));
        assertEquals("ID:0000000000000001-2", full.selectorValue("JMSMessageID"));
        assertEquals("c", full.selectorValue("JMSCorrelationID"));
        assertEquals("", full.selectorValue("JMSType"));
        assertEquals("g", full.selectorValue("JMSXGroupID"));
    }

    @Test
    void aHiddenTimestampIsThereForReckoningOnly() {
        MessageHead head = head();
        head.timestampMs(77);
        head.timestampHidden(true);
        EncodedMessage hidden = encoded(head);
        assertEquals(0L, hidden.selectorValue("JMSTimestamp"));
        assertEquals(77, hidden.timestampMs());
        assertTrue(hidden.head().timestampHidden());
        assertTrue(hidden.head().copy().timestampHidden());
    }

    @Test
    void correlationBytesAreTextWhenTheyAreUtf8() {
        MessageHead head = head();
        head.correlationBytes("größe".getBytes(StandardCharsets.UTF_8));
        head.properties().put("p", 1);
        assertEquals("größe", encoded(head).selectorValue("JMSCorrelationID"));
        assertEquals(1, encoded(head).selectorValue("p"));
        head.correlationBytes(new byte[] {(byte) 0xff, 0});
        assertNull(encoded(head).selectorValue("JMSCorrelationID"));
    }

    @Test
    void propertiesAreFoundInTheBytesAndInTheParsedMap() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("z", true);
        values.put("by", (byte) -1);
        values.put("sh", (short) -2);
        values.put("in", 3);
        values.put("lo", 4L);
        values.put("fl", 5f);
        values.put("do", 6d);
        values.put("st", "text ü");
        values.put("nu", null);
        values.put("größe", 10);
        values.put("größe2", 11);
        values.put("a", 12);
        values.put("ab", 13);
        values.put("\uD835\uDC65", 14);
        MessageHead head = head();
        head.properties().putAll(values);
        head.type("t");
        EncodedMessage message = encoded(head);
        for (int round = 0; round < 2; round++) {
            for (Map.Entry<String, Object> entry : values.entrySet()) {
                assertEquals(entry.getValue(), message.selectorValue(entry.getKey()), entry.getKey());
            }
            for (String absent : new String[] {"abc", "", "A", "gr", "größ", "ö", "\uD835"}) {
                assertNull(message.selectorValue(absent), absent);
            }
            assertEquals(values, message.properties());
        }
    }
}
