package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.Received;
import io.posthorn.cluster.history.Event.SendBegun;
import io.posthorn.cluster.history.Event.Subscribed;
import io.posthorn.cluster.history.Facts.At;
import io.posthorn.cluster.history.Facts.Delivery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * I5: a transaction is wholly visible or wholly absent. What it sent came as a whole or not at all, to every drained subscription alike; and
 * what it consumed comes again if, and only if, it is absent.
 */
final class WholeTransactions implements Invariant {

    @Override
    public String name() {
        return "I5";
    }

    @Override
    public void check(Facts facts, Consumer<String> violation) {
        Map<String, List<At<SendBegun>>> sent = new LinkedHashMap<>();
        for (At<SendBegun> send : facts.sends()) {
            String transaction = send.event().transaction();
            if (transaction != null && facts.sendOutcome(send.event().message()).event() != Outcome.REFUSED) {
                sent.computeIfAbsent(transaction, name -> new ArrayList<>()).add(send);
            }
        }
        sent.forEach((transaction, sends) -> checkTransaction(facts, transaction, sends, violation));
    }

    private static void checkTransaction(
            Facts facts, String transaction, List<At<SendBegun>> sends, Consumer<String> violation) {
        List<String> came = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (At<Subscribed> subscription : facts.drainedSubscriptions()) {
            for (At<SendBegun> send : sends) {
                if (facts.isFor(subscription, send)) {
                    String name = subscription.event().subscription();
                    String message = send.event().message();
                    (facts.receipts(new Delivery(name, message)).isEmpty() ? missing : came)
                            .add(message + " to " + name);
                }
            }
        }
        At<Outcome> outcome = facts.transactionOutcome(transaction);
        if (!came.isEmpty() && !missing.isEmpty()) {
            violation.accept("of " + transaction + " came " + came + ", but not " + missing);
        } else if (!came.isEmpty() && outcome.event() == Outcome.REFUSED) {
            violation.accept(transaction + " was rolled back, but " + came + " came");
        } else if (outcome.event() == Outcome.UNKNOWN
                && came.isEmpty() != missing.isEmpty()
                && !facts.mayBeLost(outcome.index())) {
            checkConsumed(facts, transaction, !came.isEmpty(), violation);
        }
    }

    /** Nobody was told how the transaction ended, but what it sent tells. */
    private static void checkConsumed(Facts facts, String transaction, boolean visible, Consumer<String> violation) {
        facts.receipts().forEach((delivery, receipts) -> {
            At<Received> last = receipts.get(receipts.size() - 1);
            boolean consumed = receipts.stream()
                    .anyMatch(at -> transaction.equals(at.event().transaction()));
            boolean cameAgain = !transaction.equals(last.event().transaction());
            if (consumed && visible == cameAgain && facts.isDrained(delivery.subscription())) {
                violation.accept("what " + transaction + " sent is " + (visible ? "there" : "absent") + ", but "
                        + delivery.message() + ", which it consumed from " + delivery.subscription() + ", "
                        + (visible ? "came again at " + last.index() : "did not come again"));
            }
        });
    }
}
