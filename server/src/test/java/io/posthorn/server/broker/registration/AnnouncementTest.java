package io.posthorn.server.broker.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.posthorn.server.route.BrokerIdentity;
import io.posthorn.server.route.DataVersion;
import io.posthorn.server.route.TopicConfig;
import io.posthorn.server.route.TopicTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnnouncementTest {

    private static final List<TopicConfig> SYSTEM =
            SystemTopics.of(new BrokerIdentity("c1", "a", 0, "127.0.0.1:1"), false);

    private static TopicConfig topic(String name) {
        return new TopicConfig(name, 1, 1, 6);
    }

    private static Announcement next(Announcement before, long epoch, long wallMs, TopicConfig... topics) {
        return before.next(SYSTEM, new BrokerTopics(epoch, List.of(topics)), wallMs);
    }

    @Test
    void theVersionChangesExactlyWhenSomethingDoes() {
        Announcement first = next(Announcement.NOTHING, 1, 100, topic("t"));
        assertEquals(new DataVersion(1, 100, 1), first.version());
        assertSame(first, next(first, 1, 200, topic("t")));
        Announcement added = next(first, 1, 300, topic("t"), topic("u"));
        assertEquals(new DataVersion(1, 300, 2), added.version());
        Announcement removed = next(added, 1, 400, topic("u"));
        assertEquals(new DataVersion(1, 400, 3), removed.version());
        assertEquals(
                new DataVersion(2, 500, 4), next(removed, 2, 500, topic("u")).version());
    }

    @Test
    void anIncrementHasWhatIsNewOrChanged() {
        Announcement first = next(Announcement.NOTHING, 1, 100, topic("t"), topic("u"));
        TopicConfig changed = new TopicConfig("u", 9, 9, 6);
        Announcement second = next(first, 1, 200, changed, topic("v"));
        assertEquals(List.of(new TopicTable(second.version(), List.of(changed, topic("v")))), second.since(first));
    }

    @Test
    void aRemovalAloneTellsTheNewVersion() {
        Announcement first = next(Announcement.NOTHING, 1, 100, topic("t"));
        Announcement second = next(first, 1, 200);
        assertEquals(List.of(new TopicTable(second.version(), List.of())), second.since(first));
    }

    @Test
    void theBrokersOwnTopicCountsBeforeTheSystemTopicOfItsName() {
        Announcement announcement = next(Announcement.NOTHING, 1, 100, topic("c1"));
        assertEquals(topic("c1"), announcement.topics().get("c1"));
    }

    @Test
    void piecesHaveVersionsOfTheirOwnAndTheLastHasTheReal() {
        TopicConfig[] many = new TopicConfig[3 * Announcement.TOPICS_PER_FRAME];
        for (int i = 0; i < many.length; i++) {
            many[i] = topic("t" + i);
        }
        Announcement announcement = next(Announcement.NOTHING, 1, 100, many);
        List<TopicTable> pieces = announcement.full();
        assertEquals(4, pieces.size());
        assertEquals(announcement.version(), pieces.get(3).version());
        Set<DataVersion> versions = new HashSet<>();
        List<TopicConfig> topics = new ArrayList<>();
        pieces.forEach(piece -> {
            versions.add(piece.version());
            topics.addAll(piece.topics());
        });
        assertEquals(4, versions.size());
        assertEquals(List.copyOf(announcement.topics().values()), topics);
    }
}
