package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.Received;
import io.posthorn.cluster.history.Event.SendBegun;
import io.posthorn.cluster.history.Event.TransactionEnding;
import io.posthorn.cluster.history.Facts.At;
import java.util.List;
import java.util.function.Consumer;

/**
 * I2: nothing is delivered before its commit position. From outside: nothing that nobody sent, nothing that was refused, and nothing of a
 * transaction before its commit was asked for.
 */
final class NothingEarly implements Invariant {

    @Override
    public String name() {
        return "I2";
    }

    @Override
    public void check(Facts facts, Consumer<String> violation) {
        for (List<At<Received>> receipts : facts.receipts().values()) {
            At<Received> first = receipts.get(0);
            String message = first.event().message();
            At<SendBegun> send = facts.send(message);
            if (send == null || send.index() > first.index()) {
                violation.accept(message + ", received at " + first.index() + ", had not been sent");
            } else if (facts.sendOutcome(message).event() == Outcome.REFUSED) {
                violation.accept(message + ", received at " + first.index() + ", had been refused");
            } else if (send.event().transaction() != null) {
                At<TransactionEnding> ending =
                        facts.transactionEnding(send.event().transaction());
                if (ending == null || ending.index() > first.index()) {
                    violation.accept(message + ", received at " + first.index() + ", was not committed yet");
                }
            }
        }
    }
}
