package io.posthorn.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {

    private static final Pattern LEGAL = Pattern.compile("[%|a-zA-Z0-9_-]{1,127}");

    @ParameterizedTest
    @CsvSource({
        "TOPIC,orders,orders",
        "QUEUE,orders,%QUEUE%orders",
        "TOPIC,a.b/c,a%2Eb%2Fc",
        "QUEUE,50%|x y,%QUEUE%50%25%7Cx%20y",
        "TOPIC,Größe,Gr%C3%B6%C3%9Fe",
        "TOPIC,%RETRY%g,%25RETRY%25g",
        "TOPIC,%QUEUE%q,%25QUEUE%25q",
        "QUEUE,TBW102,%QUEUE%TBW102",
        "TOPIC,_-09azAZ,_-09azAZ"
    })
    void everyDestinationHasItsTopic(DestinationKind kind, String name, String topic) {
        DestinationName destination = new DestinationName(kind, name);
        assertEquals(topic, TopicNames.topicOf(destination));
        assertEquals(destination, TopicNames.destinationOf(topic));
    }

    @Test
    void namesThatGrowTooLongAreHashed() {
        DestinationName longest = DestinationName.topic("a".repeat(127));
        assertEquals("a".repeat(127), TopicNames.topicOf(longest));
        String hashed = TopicNames.topicOf(DestinationName.topic("a".repeat(128)));
        // sha256sum of 128 times "a".
        assertEquals("%H%6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e", hashed);
        assertTrue(TopicNames.isHashed(hashed));
        assertNull(TopicNames.destinationOf(hashed), "only the attributes know");
        assertNotEquals(
                TopicNames.topicOf(DestinationName.queue("a".repeat(128))),
                TopicNames.topicOf(DestinationName.topic("a".repeat(128))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TBW102", "SCHEDULE_TOPIC_XXXX", "RMQ_SYS_TRANS_HALF_TOPIC", "rmq_sys_wheel_timer"})
    void systemTopicsAreRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> TopicNames.topicOf(DestinationName.topic(name)));
        assertNull(TopicNames.destinationOf(name));
    }

    @Test
    void temporaryDestinationsHaveNone() {
        DestinationName temporary = new DestinationName(DestinationKind.TEMPORARY_QUEUE, "broker-a/1");
        assertThrows(IllegalArgumentException.class, () -> TopicNames.topicOf(temporary));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%QUEUE%", "a%2", "a%zz", "a%2e", "%41", "%RETRY%g", "a|b", "%C3", "é", "%FF%FF"})
    void foreignTopicsAreNoDestinations(String topic) {
        assertNull(TopicNames.destinationOf(topic));
    }

    @Test
    void topicsAreLegalReversibleAndDifferent() {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, DestinationName> seen = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String name = randomName(random);
            DestinationName destination =
                    random.nextBoolean() ? DestinationName.queue(name) : DestinationName.topic(name);
            String topic = TopicNames.topicOf(destination);
            String where = "seed " + seed + ", " + destination;
            assertTrue(LEGAL.matcher(topic).matches(), where);
            DestinationName other = seen.put(topic, destination);
            assertTrue(other == null || other.equals(destination), where + " and " + other);
            if (!TopicNames.isHashed(topic)) {
                assertEquals(destination, TopicNames.destinationOf(topic), where);
            }
        }
    }

    /** Short names over few characters, so that collisions would show; sometimes long or from all of Unicode. */
    private static String randomName(SplittableRandom random) {
        String alphabet = "a%2E|QU._";
        int length = 1 + random.nextInt(random.nextInt(20) == 0 ? 60 : 5);
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int c = random.nextInt(8) == 0 ? random.nextInt(0x110000) : alphabet.charAt(random.nextInt(9));
            name.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
        }
        String text = name.toString();
        return text.getBytes(StandardCharsets.UTF_8).length > DestinationName.NAME_MAX_BYTES ? "long" : text;
    }
}
