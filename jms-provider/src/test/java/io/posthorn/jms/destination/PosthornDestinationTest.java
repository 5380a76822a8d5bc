package io.posthorn.jms.destination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.Topic;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import javax.naming.NamingException;
import javax.naming.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PosthornDestinationTest {

    @ParameterizedTest
    @EnumSource(DestinationKind.class)
    void everyKindHasItsClass(DestinationKind kind) throws JMSException {
        DestinationName name = new DestinationName(kind, "größe/x");
        PosthornDestination destination = PosthornDestination.of(name);
        assertEquals(name, destination.name());
        assertEquals(kind, destination.kind());
        assertEquals(name.toString(), destination.toString());
        assertEquals(kind.isQueue(), destination instanceof Queue);
        assertEquals(!kind.isQueue(), destination instanceof Topic);
        assertEquals(kind == DestinationKind.TEMPORARY_QUEUE, destination instanceof TemporaryQueue);
        assertEquals(kind == DestinationKind.TEMPORARY_TOPIC, destination instanceof TemporaryTopic);
        String text = destination instanceof Queue queue ? queue.getQueueName() : ((Topic) destination).getTopicName();
        assertEquals("größe/x", text);
        assertSame(destination, PosthornDestination.from(destination));
    }

    @Test
    void equalityIsByKindAndName() {
        for (DestinationKind left : DestinationKind.values()) {
            for (DestinationKind right : DestinationKind.values()) {
                PosthornDestination a = PosthornDestination.of(new DestinationName(left, "a"));
                PosthornDestination b = PosthornDestination.of(new DestinationName(right, "a"));
                assertEquals(left == right, a.equals(b), left + " and " + right);
                assertEquals(left == right, a.hashCode() == b.hashCode(), left + " and " + right);
            }
        }
        assertNotEquals(new PosthornQueue("a"), new PosthornQueue("b"));
        assertNotEquals(new PosthornQueue("a"), new PosthornQueue());
        assertNotEquals(new PosthornQueue(), new PosthornQueue("a"));
        assertEquals(new PosthornQueue(), new PosthornQueue());
        assertNotEquals(new PosthornQueue(), new PosthornTopic());
        assertNotEquals(new PosthornQueue("a"), "queue://a");
    }

    @Test
    void beansGetTheirNameLater() throws Exception {
        PosthornQueue queue = new PosthornQueue();
        assertNull(queue.getQueueName());
        assertNull(queue.name());
        assertTrue(queue.toString().contains("without name"));
        assertThrows(InvalidDestinationException.class, () -> PosthornDestination.from(queue));
        queue.setQueueName("orders");
        assertEquals(new PosthornQueue("orders"), queue);
        PosthornTopic topic = new PosthornTopic();
        assertNull(topic.getTopicName());
        topic.setTopicName("prices");
        assertEquals(new PosthornTopic("prices"), PosthornDestination.from(topic));
    }

    @Test
    void badNamesAreRefused() {
        for (String bad : new String[] {null, "", "x".repeat(256), "ü".repeat(128)}) {
            assertThrows(IllegalArgumentException.class, () -> new PosthornQueue(bad));
            assertThrows(IllegalArgumentException.class, () -> new PosthornTopic(bad));
            assertThrows(IllegalArgumentException.class, () -> new PosthornQueue().setQueueName(bad));
            assertThrows(IllegalArgumentException.class, () -> new PosthornTopic().setTopicName(bad));
        }
        assertEquals("x".repeat(255), new PosthornQueue("x".repeat(255)).getQueueName());
        assertThrows(
                IllegalArgumentException.class,
                () -> new PosthornTemporaryQueue(new DestinationName(DestinationKind.TEMPORARY_TOPIC, "t"), null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new PosthornTemporaryTopic(new DestinationName(DestinationKind.TOPIC, "t"), null));
    }

    @Test
    void foreignAndNullDestinationsAreInvalid() {
        Destination foreign = new Destination() {};
        InvalidDestinationException refusal =
                assertThrows(InvalidDestinationException.class, () -> PosthornDestination.from(foreign));
        assertTrue(refusal.getMessage().contains(foreign.getClass().getName()), refusal.getMessage());
        assertThrows(InvalidDestinationException.class, () -> PosthornDestination.from(null));
    }

    @Test
    void onlyTheOwnerDeletes() throws JMSException {
        List<DestinationName> deleted = new ArrayList<>();
        DestinationName queue = new DestinationName(DestinationKind.TEMPORARY_QUEUE, "tq");
        DestinationName topic = new DestinationName(DestinationKind.TEMPORARY_TOPIC, "tt");
        new PosthornTemporaryQueue(queue, deleted::add).delete();
        new PosthornTemporaryTopic(topic, deleted::add).delete();
        assertEquals(List.of(queue, topic), deleted);

        JMSException refusal =
                assertThrows(JMSException.class, () -> ((TemporaryQueue) PosthornDestination.of(queue)).delete());
        assertTrue(refusal.getMessage().contains("only the connection that created it"), refusal.getMessage());
        assertThrows(JMSException.class, () -> ((TemporaryTopic) PosthornDestination.of(topic)).delete());
        assertThrows(
                JMSException.class,
                () -> new PosthornTemporaryQueue(queue, name -> {
                            throw new JMSException("still in use");
                        })
                        .delete());
    }

    @ParameterizedTest
    @EnumSource(DestinationKind.class)
    void serializationKeepsIdentity(DestinationKind kind) throws Exception {
        PosthornDestination destination = PosthornDestination.of(new DestinationName(kind, "ünï"));
        PosthornDestination copy = roundTrip(destination);
        assertEquals(destination, copy);
        assertSame(destination.getClass(), copy.getClass());
        assertEquals(new PosthornQueue(), roundTrip(new PosthornQueue()));
    }

    @Test
    void aDeserializedTemporaryHasNoOwner() throws Exception {
        TemporaryQueue copy = roundTrip(new PosthornTemporaryQueue(
                new DestinationName(DestinationKind.TEMPORARY_QUEUE, "tq"),
                name -> assertInstanceOf(DestinationName.class, name)));
        assertThrows(JMSException.class, copy::delete);
    }

    @Test
    void referencesCarryClassFactoryAndName() throws NamingException {
        Reference reference = new PosthornQueue("orders").getReference();
        assertEquals(PosthornQueue.class.getName(), reference.getClassName());
        assertEquals("io.posthorn.jms.naming.PosthornObjectFactory", reference.getFactoryClassName());
        assertEquals("orders", reference.get(PosthornDestination.REFERENCE_NAME).getContent());
        assertEquals(
                PosthornTopic.class.getName(),
                new PosthornTopic("t").getReference().getClassName());
        assertThrows(
                NamingException.class,
                () -> PosthornDestination.of(new DestinationName(DestinationKind.TEMPORARY_QUEUE, "tq"))
                        .getReference());
    }

    @SuppressWarnings("unchecked")
    private static <T> T roundTrip(Object value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
