package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.PlacedPart;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a broker knows as the directory; its own group is "b". */
class DirectoryTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName T = DestinationName.topic("news");
    private static final List<String> EMPTIEST_FIRST = List.of("c", "b", "a");

    private final HeartFixture broker = new HeartFixture();

    private Outcome<Located> tryPlace(DestinationName name, Map<String, String> settings, boolean firstUse) {
        return broker.heart.directory().place(name, settings, firstUse, EMPTIEST_FIRST, broker.now);
    }

    private List<String> place(DestinationName name, Map<String, String> settings) {
        return groups(broker.ok(tryPlace(name, settings, false)));
    }

    private static List<String> groups(Located located) {
        return located.parts().stream().map(PlacedPart::group).toList();
    }

    private List<String> located(DestinationName name) {
        return groups(broker.heart.directory().locate(name));
    }

    private String refusal(Outcome<?> outcome) {
        broker.refused(outcome);
        return outcome.refusal().text();
    }

    @Test
    void theEmptiestGroupGetsANewDestination() {
        Located located = broker.ok(tryPlace(Q, Map.of(), true));
        assertTrue(located.fresh());
        assertEquals(List.of("c"), groups(located));
        Located again = broker.ok(tryPlace(Q, Map.of(), true));
        assertFalse(again.fresh());
        assertEquals(List.of("c"), groups(again));
        // Nobody creates it here by using it.
        assertEquals(RefusalKind.NOT_PLACED, broker.refused(broker.client().trySend(Q, HeartFixture.mail("x"))));
    }

    @Test
    void settingsChooseTheGroups() {
        assertEquals(List.of("c", "b"), place(Q, Map.of("queues", "2")));
        assertEquals(List.of("a", "c"), place(T, Map.of("brokerGroups", "a, c", "maxBytes", "1000")));
        assertEquals(
                Map.of("maxBytes", "1000"), broker.heart.directory().locate(T).attributes());
        // It lies here too, so it can be used here.
        broker.client().send(Q, "x");

        DestinationName other = DestinationName.queue("other");
        assertTrue(refusal(tryPlace(other, Map.of("queues", "4"), false)).contains("queues=4"));
        assertTrue(refusal(tryPlace(other, Map.of("queues", "none"), false)).contains("none"));
        assertTrue(
                refusal(tryPlace(other, Map.of("brokerGroups", "a,d"), false)).contains("\"d\""));
        assertTrue(refusal(tryPlace(other, Map.of("maxBytes", "x"), false)).contains("maxBytes"));
        assertTrue(refusal(tryPlace(Q, Map.of(), false)).contains("already"));
        assertEquals(List.of(), located(other));
    }

    @Test
    void whatIsHereAloneNeedsNoRow() {
        broker.client().send(Q, "x");
        assertEquals(List.of("b"), located(Q));
        assertEquals(List.of("b"), place(T, Map.of("brokerGroups", "b")));
        assertEquals(List.of("b"), located(T));
        broker.restart();
        assertEquals(List.of("b"), located(Q));
        assertEquals(List.of("b"), located(T));
    }

    @Test
    void placesSurviveARestart() {
        place(Q, Map.of("queues", "2"));
        broker.ok(broker.heart.directory().changed(Q, Map.of("maxBytes", "7")));
        long version = broker.heart.directory().version();
        broker.ok(broker.heart.directory().adopt("a", List.of(Q, T), broker.now));
        assertTrue(broker.heart.directory().version() > version);
        broker.restart();
        assertEquals(List.of("c", "b", "a"), located(Q));
        assertEquals(List.of("a"), located(T));
        assertEquals("7", broker.heart.directory().locate(Q).attributes().get("maxBytes"));
        broker.ok(broker.heart.directory().unplace(T));
        broker.restart();
        assertEquals(List.of(), located(T));
    }

    @Test
    void aGroupTakesWhatTheDirectoryHasPlacedThere() {
        SubscriptionTerms terms = new SubscriptionTerms("reader", "mine", T, null, false, false);
        broker.ok(
                broker.heart.destinationVerbs().place(T, true, Map.of("maxBytes", "1000"), List.of(terms), broker.now));
        assertTrue(broker.heart
                .destinationVerbs()
                .place(T, true, Map.of(), List.of(terms), broker.now)
                .entries()
                .isEmpty());
        broker.client().send(T, "for the one who comes later");
        broker.ok(broker.heart.destinationVerbs().place(T, false, Map.of(), List.of(), broker.now));
        broker.restart();
        assertEquals(RefusalKind.NOT_PLACED, broker.refused(broker.client().trySend(T, HeartFixture.mail("late"))));
        HeartFixture.Reader reader =
                broker.client("reader", 0).durable(T, "mine").credit(5);
        assertEquals(1, reader.got().size());
    }

    @Test
    void subscriptionNamesStandForOneTopic() {
        SubscriptionTerms terms = new SubscriptionTerms("reader", "mine", T, "a > 1", true, false);
        assertNull(broker.ok(broker.heart.directory().grant(terms)));
        broker.restart();
        assertEquals(T, broker.heart.directory().find("reader", "mine"));
        assertNull(broker.heart.directory().find(null, "mine"));
        DestinationName other = DestinationName.topic("other");
        SubscriptionTerms moved = new SubscriptionTerms("reader", "mine", other, null, false, false);
        assertEquals(T, broker.ok(broker.heart.directory().grant(moved)));
        assertEquals(T, broker.heart.directory().find("reader", "mine"));
        broker.ok(broker.heart.directory().release("reader", "mine"));
        assertNull(broker.ok(broker.heart.directory().grant(moved)));
        assertEquals(other, broker.heart.directory().find("reader", "mine"));
    }

    @Test
    void theNamesOfAGroupAreToldWhenTheyHaveChanged() {
        HeartFixture.Client client = broker.client();
        client.send(Q, "1", "2");
        DestinationVerbs.Summary first =
                broker.heart.destinationVerbs().summary(3, 0).response();
        assertEquals(List.of(Q), first.names());
        assertEquals(2, first.messages());
        DestinationVerbs.Summary second =
                broker.heart.destinationVerbs().summary(3, first.version()).response();
        assertEquals(List.of(), second.names());
        assertEquals(1, second.destinations());
        assertEquals(
                List.of(Q),
                broker.heart
                        .destinationVerbs()
                        .summary(4, first.version())
                        .response()
                        .names());
    }

    @Test
    void theNameOfASharedSubscriptionStandsForOneTopicWhileItIsHeld() {
        HeartFixture.Client first = broker.client();
        HeartFixture.Client second = broker.client();
        SubscriptionTerms news = new SubscriptionTerms(null, "both", DestinationName.topic("news"), null, false, true);
        SubscriptionTerms other =
                new SubscriptionTerms(null, "both", DestinationName.topic("other"), null, false, true);
        DirectoryVerbs directory = broker.heart.directory();
        broker.ok(directory.hold(first.state, 1, news, true));
        broker.ok(directory.hold(second.state, 1, news, true));
        assertEquals(RefusalKind.SUBSCRIPTION_IN_USE, broker.refused(directory.hold(second.state, 2, other, true)));
        broker.ok(directory.hold(first.state, 1, news, false));
        assertEquals(RefusalKind.SUBSCRIPTION_IN_USE, broker.refused(directory.hold(first.state, 2, other, true)));
        second.lose();
        broker.ok(directory.hold(first.state, 2, other, true));
    }
}
