package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageId;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageHeadersTest {

    private static final Destination FOREIGN = new Destination() {};

    @Test
    void aNewMessageHasTheDefaults() {
        PosthornMessage message = new PosthornMessage();
        assertEquals(DeliveryMode.PERSISTENT, message.getJMSDeliveryMode());
        assertEquals(4, message.getJMSPriority());
        assertEquals(0, message.getJMSExpiration());
        assertEquals(0, message.getJMSDeliveryTime());
        assertEquals(0, message.getJMSTimestamp());
        assertNull(message.getJMSMessageID());
        assertNull(message.getJMSCorrelationID());
        assertNull(message.getJMSCorrelationIDAsBytes());
        assertNull(message.getJMSType());
        assertNull(message.getJMSDestination());
        assertNull(message.getJMSReplyTo());
        assertFalse(message.getJMSRedelivered());
        assertThrows(IllegalStateException.class, message::encode);
    }

    @Test
    void aSendOverwritesTheSevenProviderHeadersOnBothSides() throws JMSException {
        PosthornMessage message = new PosthornMessage();
        message.setJMSDestination(FOREIGN);
        message.setJMSDeliveryMode(DeliveryMode.PERSISTENT);
        message.setJMSExpiration(1);
        message.setJMSDeliveryTime(2);
        message.setJMSPriority(3);
        message.setJMSMessageID("ID:mine");
        message.setJMSTimestamp(4);
        assertSame(FOREIGN, message.getJMSDestination());
        assertEquals("ID:mine", message.getJMSMessageID());
        EncodedMessage encoded = message.encodeForSend(
                Sent.QUEUE, DeliveryMode.NON_PERSISTENT, 9, 100, 500, 200, new MessageId(255, 12));
        for (PosthornMessage each : List.of(message, Sent.<PosthornMessage>receive(encoded, 0))) {
            assertEquals(Sent.QUEUE, each.getJMSDestination());
            assertEquals(DeliveryMode.NON_PERSISTENT, each.getJMSDeliveryMode());
            assertEquals(500, each.getJMSExpiration());
            assertEquals(200, each.getJMSDeliveryTime());
            assertEquals(9, each.getJMSPriority());
            assertEquals("ID:00000000000000ff-12", each.getJMSMessageID());
            assertEquals(100, each.getJMSTimestamp());
        }
        assertSame(Sent.QUEUE, message.getJMSDestination());
    }

    @Test
    void sendingAgainGivesANewIdAndMayGiveNone() throws JMSException {
        PosthornMessage message = new PosthornMessage();
        message.encodeForSend(Sent.QUEUE, DeliveryMode.PERSISTENT, 4, 1, 0, 1, new MessageId(1, 1));
        EncodedMessage second =
                message.encodeForSend(Sent.QUEUE, DeliveryMode.PERSISTENT, 4, 1, 0, 1, new MessageId(1, 2));
        assertTrue(message.getJMSMessageID().endsWith("-2"));
        assertEquals(message.getJMSMessageID(), Sent.receive(second, 0).getJMSMessageID());
        EncodedMessage third = message.encodeForSend(Sent.QUEUE, DeliveryMode.PERSISTENT, 4, 0, 0, 1, null);
        assertNull(message.getJMSMessageID());
        assertNull(Sent.receive(third, 0).getJMSMessageID());
    }

    @Test
    void messageIdTextOfAnySortSurvivesTheSetter() {
        PosthornMessage message = new PosthornMessage();
        for (String id : new String[] {"ID:00000000000000ff-12", "ID:other", "", "no prefix", null}) {
            message.setJMSMessageID(id);
            assertEquals(id, message.getJMSMessageID());
        }
    }

    @Test
    void clientHeadersTravel() throws JMSException {
        PosthornMessage message = new PosthornMessage();
        message.setJMSCorrelationID("größe");
        message.setJMSType("");
        message.setJMSReplyTo(new PosthornTopic("answers"));
        PosthornMessage received = Sent.received(message);
        assertEquals("größe", received.getJMSCorrelationID());
        assertArrayEquals("größe".getBytes(StandardCharsets.UTF_8), received.getJMSCorrelationIDAsBytes());
        assertEquals("", received.getJMSType());
        assertEquals(new PosthornTopic("answers"), received.getJMSReplyTo());
    }

    @ParameterizedTest
    @EnumSource(DestinationKind.class)
    void destinationAndReplyToKeepTheirKind(DestinationKind kind) throws JMSException {
        PosthornDestination destination = PosthornDestination.of(new DestinationName(kind, "d"));
        PosthornDestination replyTo = PosthornDestination.of(new DestinationName(kind, "r"));
        PosthornMessage message = new PosthornMessage();
        message.setJMSReplyTo(replyTo);
        assertSame(replyTo, message.getJMSReplyTo());
        PosthornMessage received =
                Sent.receive(message.encodeForSend(destination, DeliveryMode.PERSISTENT, 4, 1, 0, 1, null), 0);
        assertEquals(destination, received.getJMSDestination());
        assertSame(destination.getClass(), received.getJMSDestination().getClass());
        assertEquals(replyTo, received.getJMSReplyTo());
        assertSame(replyTo.getClass(), received.getJMSReplyTo().getClass());
    }

    @Test
    void correlationBytesAreCopiedBothWays() throws JMSException {
        byte[] id = {1, (byte) 0xff, 3};
        PosthornMessage message = new PosthornMessage();
        message.setJMSCorrelationIDAsBytes(id);
        id[0] = 9;
        PosthornMessage received = Sent.received(message);
        for (PosthornMessage each : List.of(message, received)) {
            assertArrayEquals(new byte[] {1, (byte) 0xff, 3}, each.getJMSCorrelationIDAsBytes());
            assertNotSame(each.getJMSCorrelationIDAsBytes(), each.getJMSCorrelationIDAsBytes());
            assertNull(each.getJMSCorrelationID(), "not UTF-8");
        }
        message.setJMSCorrelationIDAsBytes("abc".getBytes(StandardCharsets.UTF_8));
        assertEquals("abc", Sent.received(message).getJMSCorrelationID());
        message.setJMSCorrelationID("text");
        assertEquals("text", Sent.received(message).getJMSCorrelationID());
        message.setJMSCorrelationIDAsBytes(null);
        assertNull(message.getJMSCorrelationID());
    }

    @Test
    void headersOfAReceivedMessageCanBeSet() throws JMSException {
        EncodedMessage encoded = Sent.send(new PosthornMessage());
        PosthornMessage received = Sent.receive(encoded, 0);
        received.setJMSDestination(new PosthornQueue("other"));
        received.setJMSDeliveryMode(DeliveryMode.NON_PERSISTENT);
        received.setJMSExpiration(1);
        received.setJMSDeliveryTime(2);
        received.setJMSPriority(3);
        received.setJMSMessageID("ID:x");
        received.setJMSTimestamp(4);
        received.setJMSCorrelationID("c");
        received.setJMSReplyTo(Sent.QUEUE);
        received.setJMSType("t");
        received.setJMSRedelivered(true);
        assertEquals(new PosthornQueue("other"), received.getJMSDestination());
        assertEquals(DeliveryMode.NON_PERSISTENT, received.getJMSDeliveryMode());
        assertEquals(1, received.getJMSExpiration());
        assertEquals(2, received.getJMSDeliveryTime());
        assertEquals(3, received.getJMSPriority());
        assertEquals("ID:x", received.getJMSMessageID());
        assertEquals(4, received.getJMSTimestamp());
        assertEquals("c", received.getJMSCorrelationID());
        assertEquals(Sent.QUEUE, received.getJMSReplyTo());
        assertEquals("t", received.getJMSType());
        assertTrue(received.getJMSRedelivered());
        received.setJMSReplyTo(null);
        assertNull(received.getJMSReplyTo());
        assertEquals(Sent.QUEUE, Sent.receive(encoded, 0).getJMSDestination(), "the original is untouched");
    }

    @Test
    void wrongValuesAreRefused() {
        PosthornMessage message = new PosthornMessage();
        for (int wrong : new int[] {-1, 10}) {
            assertThrows(JMSException.class, () -> message.setJMSPriority(wrong));
        }
        for (int wrong : new int[] {-1, 0, 3}) {
            assertThrows(JMSException.class, () -> message.setJMSDeliveryMode(wrong));
        }
        assertThrows(InvalidDestinationException.class, () -> message.setJMSReplyTo(FOREIGN));
        assertThrows(InvalidDestinationException.class, () -> message.setJMSReplyTo(new PosthornQueue()));
    }

    @Test
    void acknowledgeCallsTheHookIfThereIsOne() throws JMSException {
        PosthornMessage message = Sent.received(new PosthornMessage());
        message.acknowledge();
        List<String> calls = new ArrayList<>();
        message.onAcknowledge(() -> calls.add("acknowledged"));
        message.acknowledge();
        assertEquals(List.of("acknowledged"), calls);
        message.onAcknowledge(() -> {
            throw new IllegalStateException("closed");
        });
        assertThrows(IllegalStateException.class, message::acknowledge);
    }

    @Test
    void toStringShowsNoContent() throws JMSException {
        PosthornTextMessage message = new PosthornTextMessage("secret");
        Sent.send(message);
        assertEquals("PosthornTextMessage[ID:0000000000000007-1 to queue://orders]", message.toString());
    }
}
