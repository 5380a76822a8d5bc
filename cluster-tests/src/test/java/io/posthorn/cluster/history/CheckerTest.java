package io.posthorn.cluster.history;

import static io.posthorn.cluster.history.Outcome.DONE;
import static io.posthorn.cluster.history.Outcome.REFUSED;
import static io.posthorn.cluster.history.Outcome.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.cluster.history.Event.BranchEnded;
import io.posthorn.cluster.history.Event.BranchEnding;
import io.posthorn.cluster.history.Event.BranchPrepared;
import io.posthorn.cluster.history.Event.BranchesListed;
import io.posthorn.cluster.history.Event.Drained;
import io.posthorn.cluster.history.Event.LastWordsLost;
import io.posthorn.cluster.history.Event.MasterSeen;
import io.posthorn.cluster.history.Event.MemoryLost;
import io.posthorn.cluster.history.Event.Mode;
import io.posthorn.cluster.history.Event.Promoted;
import io.posthorn.cluster.history.Event.Received;
import io.posthorn.cluster.history.Event.SendBegun;
import io.posthorn.cluster.history.Event.SendEnded;
import io.posthorn.cluster.history.Event.Settled;
import io.posthorn.cluster.history.Event.Subscribed;
import io.posthorn.cluster.history.Event.TransactionEnded;
import io.posthorn.cluster.history.Event.TransactionEnding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker finds every planted violation, names its invariant, and lets pass what is allowed. */
class CheckerTest {

    private static final String QUEUE = "queue";

    private final List<Event> events = new ArrayList<>();

    CheckerTest() {
        events.add(new Subscribed(QUEUE, QUEUE, true));
    }

    private void begun(String message, String transaction) {
        events.add(new SendBegun(message, "s", QUEUE, 4, transaction));
    }

    private void sent(String message, Outcome outcome) {
        begun(message, null);
        events.add(new SendEnded(message, outcome));
    }

    private void sentIn(String transaction, String... messages) {
        for (String message : messages) {
            begun(message, transaction);
            events.add(new SendEnded(message, DONE));
        }
    }

    private void ended(String transaction, Outcome outcome) {
        events.add(new TransactionEnding(transaction, true));
        events.add(new TransactionEnded(transaction, outcome));
    }

    private void received(String message, boolean redelivered) {
        events.add(new Received("c", QUEUE, message, redelivered, Mode.CLIENT, null));
    }

    private void receivedIn(String transaction, String message, boolean redelivered) {
        events.add(new Received("c", QUEUE, message, redelivered, Mode.TRANSACTED, transaction));
    }

    private void settled(String message, Outcome outcome) {
        events.add(new Settled(QUEUE, message, outcome));
    }

    private void consumed(String message) {
        received(message, false);
        settled(message, DONE);
    }

    private void drained() {
        events.add(new Drained(QUEUE));
    }

    private List<String> violated() {
        return Checker.check(events).stream().map(Violation::invariant).toList();
    }

    private void assertSound() {
        assertEquals(List.of(), Checker.check(events));
    }

    private void assertViolated(String invariant) {
        assertEquals(List.of(invariant), violated(), () -> Checker.check(events).toString());
    }

    @Test
    void aPlainLifeIsSound() {
        sent("m1", DONE);
        sent("m2", UNKNOWN);
        sent("m3", REFUSED);
        consumed("m1");
        received("m2", false);
        settled("m2", REFUSED);
        received("m2", true);
        settled("m2", UNKNOWN);
        drained();
        assertSound();
    }

    @Test
    void i1aConfirmedMessageThatNeverComes() {
        sent("m1", DONE);
        drained();
        assertViolated("I1");
    }

    @Test
    void i1aCommittedMessageThatNeverComes() {
        sentIn("t", "m1");
        ended("t", DONE);
        drained();
        assertViolated("I1");
    }

    @Test
    void i1aMessageThatIsNeitherSettledNorComesAgain() {
        sent("m1", DONE);
        received("m1", false);
        settled("m1", REFUSED);
        drained();
        assertViolated("I1");
    }

    @Test
    void i1ofEverySubscription() {
        events.add(new Subscribed("other", QUEUE, true));
        sent("m1", DONE);
        consumed("m1");
        drained();
        events.add(new Drained("other"));
        assertViolated("I1");
    }

    @Test
    void i1saysNothingOfWhatIsNotDrainedOrCameLater() {
        sent("m1", DONE);
        assertSound();
        consumed("m1");
        events.add(new Subscribed("later", QUEUE, true));
        events.add(new Drained("later"));
        drained();
        assertSound();
    }

    @Test
    void i2aMessageThatNobodySent() {
        consumed("m1");
        assertViolated("I2");
    }

    @Test
    void i2aMessageThatWasRefused() {
        sent("m1", REFUSED);
        consumed("m1");
        assertViolated("I2");
    }

    @Test
    void i2aMessageBeforeItsCommit() {
        sentIn("t", "m1");
        consumed("m1");
        ended("t", DONE);
        assertViolated("I2");
    }

    @Test
    void i3aMessageThatPassesAnother() {
        sent("m1", DONE);
        sent("m2", DONE);
        consumed("m2");
        consumed("m1");
        assertViolated("I3");
    }

    @Test
    void i3looksAtFirstDeliveriesOfOneConsumerAtATime() {
        sent("m1", DONE);
        sent("m2", DONE);
        received("m1", false);
        consumed("m2");
        received("m1", true);
        settled("m1", DONE);
        assertSound();
        events.set(0, new Subscribed(QUEUE, QUEUE, false));
        sent("m3", DONE);
        sent("m4", DONE);
        consumed("m4");
        consumed("m3");
        assertSound();
    }

    @Test
    void i4aSettledMessageThatComesAgain() {
        sent("m1", DONE);
        consumed("m1");
        received("m1", true);
        assertViolated("I4");
    }

    @Test
    void i4aMessageThatComesAgainAfterTheCommitThatConsumedIt() {
        sent("m1", DONE);
        receivedIn("t", "m1", false);
        ended("t", DONE);
        received("m1", true);
        assertViolated("I4");
    }

    @Test
    void i5halfATransaction() {
        sentIn("t", "m1", "m2");
        ended("t", UNKNOWN);
        consumed("m2");
        drained();
        assertViolated("I5");
    }

    @Test
    void i5wholeInOneSubscriptionAndAbsentInAnother() {
        events.add(new Subscribed("other", QUEUE, true));
        sentIn("t", "m1");
        ended("t", UNKNOWN);
        consumed("m1");
        drained();
        events.add(new Drained("other"));
        assertViolated("I5");
    }

    @Test
    void i5aTransactionThatWasRolledBack() {
        sentIn("t", "m1");
        ended("t", REFUSED);
        consumed("m1");
        drained();
        assertViolated("I5");
    }

    @Test
    void i5visibleButWhatItConsumedComesAgain() {
        sent("m0", DONE);
        receivedIn("t", "m0", false);
        sentIn("t", "m1");
        ended("t", UNKNOWN);
        received("m0", true);
        settled("m0", DONE);
        consumed("m1");
        drained();
        assertViolated("I5");
    }

    @Test
    void i5absentAndWhatItConsumedIsGone() {
        sent("m0", DONE);
        receivedIn("t", "m0", false);
        sentIn("t", "m1");
        ended("t", UNKNOWN);
        drained();
        assertViolated("I5");
    }

    @Test
    void i5bothEndsOfAnUnknownCommitAreSound() {
        sent("m0", DONE);
        receivedIn("t", "m0", false);
        sentIn("t", "m1", "m2");
        ended("t", UNKNOWN);
        List<Event> begun = List.copyOf(events);
        consumed("m1");
        consumed("m2");
        drained();
        assertSound();

        events.clear();
        events.addAll(begun);
        received("m0", true);
        settled("m0", DONE);
        drained();
        assertSound();
    }

    @Test
    void i6aPreparedBranchThatIsNotListed() {
        events.add(new BranchPrepared("b"));
        events.add(new BranchesListed(Set.of("b")));
        assertSound();
        events.add(new BranchesListed(Set.of()));
        assertViolated("I6");
    }

    @Test
    void i6aSettledBranchThatIsListed() {
        events.add(new BranchPrepared("b"));
        events.add(new BranchEnding("b"));
        events.add(new BranchesListed(Set.of("b")));
        events.add(new BranchesListed(Set.of()));
        events.add(new BranchEnded("b"));
        assertSound();
        events.add(new BranchesListed(Set.of("b")));
        assertViolated("I6");
    }

    @Test
    void i7aCommitPositionThatMovesBack() {
        events.add(new MasterSeen("a", 1, "x", 100));
        events.add(new MasterSeen("a", 2, "y", 90));
        events.add(new MasterSeen("b", 1, "z", 10));
        assertSound();
        events.add(new MasterSeen("a", 1, "x", 99));
        assertViolated("I7");
    }

    @Test
    void i8twoMastersOfOneEpoch() {
        events.add(new MasterSeen("a", 1, "x", 100));
        events.add(new MasterSeen("a", 2, "y", 100));
        assertSound();
        events.add(new MasterSeen("a", 2, "x", 100));
        assertViolated("I8");
    }

    @Test
    void i9aRepeatedSendThatIsStoredTwice() {
        sent("m1", DONE);
        received("m1", false);
        settled("m1", UNKNOWN);
        received("m1", false);
        assertViolated("I9");
    }

    @Test
    void i9afterARollbackItComesAgain() {
        sent("m1", DONE);
        receivedIn("t1", "m1", false);
        ended("t1", REFUSED);
        receivedIn("t2", "m1", true);
        ended("t2", DONE);
        drained();
        assertSound();
    }

    @Test
    void i9afterARollbackItComesMarked() {
        sent("m1", DONE);
        receivedIn("t1", "m1", false);
        ended("t1", REFUSED);
        receivedIn("t2", "m1", false);
        assertViolated("I9");
    }

    @Test
    void i9aBrokerThatStartedAnewDoesNotKnowWhatWasHandedOver() {
        sent("m1", DONE);
        received("m1", false);
        int since = events.size();
        received("m1", false);
        events.add(new MemoryLost(since));
        received("m1", false);
        settled("m1", DONE);
        drained();
        assertSound();
    }

    @Test
    void i9whatWasHandedOverSinceTheStartIsKnown() {
        sent("m1", DONE);
        events.add(new MemoryLost(events.size()));
        received("m1", false);
        received("m1", false);
        assertViolated("I9");
    }

    @Test
    void i9whatAClientSaidLastMayBeLostWithItsConnectionToTheGoodOfOthers() {
        sent("m1", DONE);
        received("m1", false);
        events.add(new LastWordsLost(events.size()));
        events.add(new Received("another", QUEUE, "m1", false, Mode.AUTO, null));
        settled("m1", DONE);
        drained();
        assertSound();
    }

    @Test
    void i9itIsNotLostForTheClientItself() {
        sent("m1", DONE);
        received("m1", false);
        events.add(new LastWordsLost(events.size()));
        received("m1", false);
        assertViolated("I9");
    }

    @Test
    void aPromotionAllowsWhatEndedAfterTheSafeMoment() {
        sent("m1", DONE);
        consumed("m1");
        sent("m2", DONE);
        int safe = events.size();
        sent("lost", DONE);
        consumed("m2");
        events.add(new Promoted("a", true, safe));
        received("m2", true);
        settled("m2", DONE);
        drained();
        assertSound();
    }

    @Test
    void aPromotionAllowsNothingElse() {
        sent("before", DONE);
        sent("m1", DONE);
        consumed("m1");
        int safe = events.size();
        events.add(new Promoted("a", true, safe));
        received("m1", true);
        sent("after", DONE);
        drained();
        assertEquals(List.of("I1", "I1", "I4"), violated());
        String text = Checker.check(events).toString();
        assertTrue(text.contains("before") && text.contains("after"), text);
    }

    @Test
    void aPromotionOfASynchronousGroupAllowsNothing() {
        sent("m1", DONE);
        events.add(new Promoted("a", false, 0));
        drained();
        assertViolated("I1");
    }

    @Test
    void aTransactionLostInAPromotionIsLostAsAWhole() {
        int safe = events.size();
        sentIn("t", "m1", "m2");
        ended("t", DONE);
        events.add(new Promoted("a", true, safe));
        List<Event> begun = List.copyOf(events);
        drained();
        assertSound();

        events.clear();
        events.addAll(begun);
        consumed("m1");
        drained();
        assertViolated("I5");
    }
}
