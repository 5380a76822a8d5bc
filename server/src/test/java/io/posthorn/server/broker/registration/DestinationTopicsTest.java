package io.posthorn.server.broker.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.server.route.TopicConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DestinationTopicsTest {

    @Test
    void aDestinationBecomesAReadableAndWritableTopic() {
        DestinationTopics topics = new DestinationTopics(name -> "%QUEUE%" + name.name());
        assertEquals(new TopicConfig("%QUEUE%orders", 3, 1, 6), topics.topic(DestinationName.queue("orders"), 1, 3));
    }

    @Test
    void aDigestCarriesTheFullNameAsAnAttribute() {
        DestinationTopics topics = new DestinationTopics(name -> "%H%0123");
        assertEquals(
                Map.of(DestinationTopics.NAME_ATTRIBUTE, "a very long name"),
                topics.topic(DestinationName.topic("a very long name"), 1, 1).attributes());
    }

    @Test
    void temporaryDestinationsStayUnregistered() {
        DestinationTopics topics = new DestinationTopics(DestinationName::name);
        DestinationName temporary = new DestinationName(DestinationKind.TEMPORARY_QUEUE, "q");
        assertThrows(IllegalArgumentException.class, () -> topics.topic(temporary, 1, 1));
    }
}
