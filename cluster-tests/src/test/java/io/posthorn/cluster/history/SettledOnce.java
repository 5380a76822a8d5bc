package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.Mode;
import io.posthorn.cluster.history.Event.Received;
import io.posthorn.cluster.history.Event.Settled;
import io.posthorn.cluster.history.Facts.At;
import io.posthorn.cluster.history.Facts.Delivery;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** I4: a settled message is never delivered again for that subscription. */
final class SettledOnce implements Invariant {

    @Override
    public String name() {
        return "I4";
    }

    @Override
    public void check(Facts facts, Consumer<String> violation) {
        for (Map.Entry<Delivery, List<At<Received>>> each : facts.receipts().entrySet()) {
            OptionalInt settled = settledAt(facts, each.getKey(), each.getValue());
            if (settled.isEmpty()) {
                continue;
            }
            for (At<Received> receipt : each.getValue()) {
                if (receipt.index() > settled.getAsInt()) {
                    violation.accept(each.getKey().message() + ", settled at " + settled.getAsInt()
                            + ", was received again at " + receipt.index() + " from "
                            + each.getKey().subscription());
                }
            }
        }
    }

    /** The first settlement that no promotion may have undone. */
    private static OptionalInt settledAt(Facts facts, Delivery delivery, List<At<Received>> receipts) {
        IntStream acknowledged = facts.settlements(delivery).stream()
                .filter(at -> at.event().outcome() == Outcome.DONE)
                .mapToInt(At<Settled>::index);
        IntStream committed = receipts.stream()
                .filter(at -> at.event().mode() == Mode.TRANSACTED)
                .map(at -> facts.transactionOutcome(at.event().transaction()))
                .filter(outcome -> outcome.event() == Outcome.DONE)
                .mapToInt(At<Outcome>::index);
        return IntStream.concat(acknowledged, committed)
                .filter(index -> !facts.mayBeLost(index))
                .min();
    }
}
