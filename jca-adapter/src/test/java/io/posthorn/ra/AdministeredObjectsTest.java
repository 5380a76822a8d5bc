package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import io.posthorn.jms.naming.PosthornObjectFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

/** Queues and topics as servers configure them. */
class AdministeredObjectsTest {

    private final AdministeredQueue queue = new AdministeredQueue();
    private final AdministeredTopic topic = new AdministeredTopic();

    @Test
    void eachOfTheNamesSetsTheName() {
        assertNull(queue.getQueueName());
        queue.setPhysicalName("a");
        assertEquals("a", queue.getDestinationName());
        queue.setDestinationName("b");
        assertEquals("b", queue.getName());
        queue.setName("c");
        assertEquals("c", queue.getPhysicalName());
        queue.setName("");
        queue.setPhysicalName(null);
        assertEquals("c", queue.getQueueName());
        topic.setPhysicalName("t");
        assertEquals("t", topic.getTopicName());
        assertEquals("t", topic.getName());
        assertEquals("t", topic.getDestinationName());
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> queue.setName("x".repeat(256)));
    }

    @Test
    void theyEqualTheClientsOwn() {
        queue.setName("q");
        topic.setName("q");
        assertEquals(new PosthornQueue("q"), queue);
        assertEquals(new PosthornTopic("q"), topic);
        assertEquals(new PosthornQueue("q").hashCode(), queue.hashCode());
    }

    @Test
    void theySurviveSerializationAndDirectories() throws Exception {
        queue.setName("q");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(queue);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertEquals(queue, in.readObject());
        }
        assertEquals(queue, new PosthornObjectFactory().getObjectInstance(queue.getReference(), null, null, null));
        topic.setName("t");
        assertEquals(topic, new PosthornObjectFactory().getObjectInstance(topic.getReference(), null, null, null));
    }
}
