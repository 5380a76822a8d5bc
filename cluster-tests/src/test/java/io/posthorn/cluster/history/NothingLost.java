package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.Mode;
import io.posthorn.cluster.history.Event.Received;
import io.posthorn.cluster.history.Event.SendBegun;
import io.posthorn.cluster.history.Event.Subscribed;
import io.posthorn.cluster.history.Facts.At;
import io.posthorn.cluster.history.Facts.Delivery;
import java.util.List;
import java.util.function.Consumer;

/**
 * I1: every acknowledged persistent message is delivered or still there. In a drained subscription nothing is there any more, so each was
 * received, and what was received last without being settled is missing too.
 */
final class NothingLost implements Invariant {

    @Override
    public String name() {
        return "I1";
    }

    @Override
    public void check(Facts facts, Consumer<String> violation) {
        for (At<Subscribed> subscription : facts.drainedSubscriptions()) {
            for (At<SendBegun> send : facts.sends()) {
                At<Outcome> birth = facts.birth(send.event());
                if (birth.event() == Outcome.DONE
                        && facts.isFor(subscription, send)
                        && !facts.mayBeLost(birth.index())) {
                    checkReceived(facts, subscription, send, violation);
                }
            }
        }
    }

    private static void checkReceived(
            Facts facts, At<Subscribed> subscription, At<SendBegun> send, Consumer<String> violation) {
        String name = subscription.event().subscription();
        Delivery delivery = new Delivery(name, send.event().message());
        List<At<Received>> receipts = facts.receipts(delivery);
        if (receipts.isEmpty()) {
            violation.accept(
                    delivery.message() + ", sent at " + send.index() + " and confirmed, never came to " + name);
        } else if (receipts.stream().noneMatch(receipt -> maySettle(facts, receipt.event()))
                && facts.settlements(delivery).stream()
                        .noneMatch(at -> at.event().outcome() != Outcome.REFUSED)) {
            violation.accept(delivery.message() + ", received at "
                    + receipts.get(receipts.size() - 1).index() + " from " + name
                    + ", was never settled and did not come again");
        }
    }

    private static boolean maySettle(Facts facts, Received receipt) {
        return receipt.mode() == Mode.AUTO
                || receipt.mode() == Mode.TRANSACTED
                        && facts.transactionOutcome(receipt.transaction()).event() != Outcome.REFUSED;
    }
}
