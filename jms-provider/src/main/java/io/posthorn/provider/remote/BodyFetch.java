package io.posthorn.provider.remote;

import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.FetchMessagesRequest;
import io.posthorn.protocol.api.FetchMessagesRequest.Entry;
import io.posthorn.protocol.api.FetchMessagesResponse;
import io.posthorn.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Gets the messages of deliveries by reference: in batches, from the Slave with brokerId 1, and what that has not, or does not give in time, from the
 * Master that has delivered them. A message in flight is on its Master as long as it is not settled; one that is not there is lost. Event loop only.
 */
final class BodyFetch {

    private static final int BATCH_MAX = 256;
    private static final int BATCH_MAX_BYTES = 4 << 20;

    private final ConnectionState state;
    private final SlaveLink slave;

    BodyFetch(ConnectionState state, SlaveLink slave) {
        this.state = state;
        this.slave = slave;
    }

    /**
     * Fetches the messages of deliveries that have just come on the present link.
     *
     * @param arrived told whenever some of them are there or given up; not any more when the link is lost
     */
    void fetch(List<ReferredDelivery> wanted, Runnable arrived) {
        BrokerLink master = state.link();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < wanted.size(); i++) {
            ReferredDelivery next = wanted.get(i);
            if (i > from
                    && !(i - from < BATCH_MAX
                            && bytes + next.place().size() <= BATCH_MAX_BYTES
                            && isBehind(wanted.get(i - 1), next))) {
                fetch(new Batch(master, wanted.subList(from, i), arrived));
                from = i;
                bytes = 0;
            }
            bytes += next.place().size();
        }
        fetch(new Batch(master, wanted.subList(from, wanted.size()), arrived));
    }

    /** A request asks for messages of one lane, by rising offset. */
    private static boolean isBehind(ReferredDelivery before, ReferredDelivery next) {
        return before.ref().lane() == next.ref().lane()
                && before.ref().offset() < next.ref().offset();
    }

    /** Deliveries that are asked for together. @param master who has delivered them */
    private record Batch(BrokerLink master, List<ReferredDelivery> wanted, Runnable arrived) {

        Batch of(List<ReferredDelivery> some) {
            return new Batch(master, some, arrived);
        }

        FetchMessagesRequest request() {
            List<Entry> entries = new ArrayList<>(wanted.size());
            for (ReferredDelivery delivery : wanted) {
                entries.add(new Entry(
                        delivery.ref().offset(),
                        delivery.place().position(),
                        delivery.place().epoch()));
            }
            return new FetchMessagesRequest(wanted.get(0).ref().lane(), BATCH_MAX_BYTES, entries);
        }
    }

    private void fetch(Batch batch) {
        if (!slave.mayBeTried()) {
            askMaster(batch);
            return;
        }
        slave.get().whenComplete((link, failure) -> {
            if (failure == null) {
                askSlave(link, batch);
            } else {
                askMaster(batch);
            }
        });
    }

    private void askSlave(BrokerLink link, Batch batch) {
        FetchMessagesRequest request = batch.request();
        link.call(
                        "a fetch from a Slave",
                        RequestCode.FETCH_MESSAGES,
                        request::encode,
                        FetchMessagesResponse::decode,
                        SlaveLink.PATIENCE)
                .whenComplete((answer, failure) -> {
                    if (failure != null || answer.messages().isEmpty()) {
                        slave.failed(link, failure == null ? Failures.unreachable("an empty answer", null) : failure);
                        askMaster(batch);
                        return;
                    }
                    slave.works(link);
                    List<ReferredDelivery> missing = take(batch, answer);
                    if (!missing.isEmpty()) {
                        askMaster(batch.of(missing));
                    }
                    askForRest(batch, answer, this::fetch);
                    batch.arrived.run();
                });
    }

    private void askMaster(Batch batch) {
        BrokerLink master = batch.master;
        if (master == null || master != state.link()) {
            // It is void: the Master gives it to somebody else, or to us anew.
            return;
        }
        FetchMessagesRequest request = batch.request();
        CompletableFuture<FetchMessagesResponse> asked = master.call(
                "a fetch from the Master", RequestCode.FETCH_MESSAGES, request::encode, FetchMessagesResponse::decode);
        asked.whenComplete((answer, failure) -> {
            if (failure != null || answer.messages().isEmpty()) {
                // On the next link these deliveries begin anew.
                master.close("the Master does not give what it has delivered"
                        + (failure == null ? "" : ": " + Failures.reason(failure)));
                return;
            }
            take(batch, answer).forEach(ReferredDelivery::giveUp);
            askForRest(batch, answer, this::askMaster);
            batch.arrived.run();
        });
    }

    /** @return what was asked for and is not there */
    private static List<ReferredDelivery> take(Batch batch, FetchMessagesResponse answer) {
        List<ReferredDelivery> missing = new ArrayList<>();
        int answered = Math.min(answer.messages().size(), batch.wanted.size());
        for (int i = 0; i < answered; i++) {
            ReferredDelivery delivery = batch.wanted.get(i);
            if (!delivery.take(answer.messages().get(i))) {
                missing.add(delivery);
            }
        }
        return missing;
    }

    /** What did not fit into the answer. */
    private static void askForRest(Batch batch, FetchMessagesResponse answer, java.util.function.Consumer<Batch> from) {
        int answered = answer.messages().size();
        if (answered < batch.wanted.size()) {
            from.accept(batch.of(batch.wanted.subList(answered, batch.wanted.size())));
        }
    }

    /** What is told about a message that is on no broker any more. */
    static ProviderException gone(ReferredDelivery delivery) {
        return new ProviderException(
                ProviderException.Kind.INTERNAL,
                "the message at " + delivery.ref() + ", position "
                        + delivery.place().position()
                        + ", cannot be read from any broker of its group; it is left out");
    }
}
