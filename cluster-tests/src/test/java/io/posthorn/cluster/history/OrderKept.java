package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.Received;
import io.posthorn.cluster.history.Event.SendBegun;
import io.posthorn.cluster.history.Event.Subscribed;
import io.posthorn.cluster.history.Facts.At;
import io.posthorn.cluster.history.Facts.Delivery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * I3: per sending session, destination and priority first deliveries keep the send order. Looked at where one consumer at a time takes all;
 * several side by side do not tell who was given what first.
 */
final class OrderKept implements Invariant {

    private record Stream(String session, String destination, int priority) {}

    @Override
    public String name() {
        return "I3";
    }

    @Override
    public void check(Facts facts, Consumer<String> violation) {
        for (At<Subscribed> subscription : facts.subscriptions()) {
            if (subscription.event().exclusive()) {
                checkOrder(facts, subscription.event().subscription(), violation);
            }
        }
    }

    private static void checkOrder(Facts facts, String subscription, Consumer<String> violation) {
        List<At<Received>> firsts = new ArrayList<>();
        for (Map.Entry<Delivery, List<At<Received>>> each : facts.receipts().entrySet()) {
            if (each.getKey().subscription().equals(subscription)) {
                firsts.add(each.getValue().get(0));
            }
        }
        firsts.sort(Comparator.comparingInt(At::index));
        Map<Stream, At<SendBegun>> last = new HashMap<>();
        for (At<Received> first : firsts) {
            At<SendBegun> send = facts.send(first.event().message());
            if (send == null) {
                continue;
            }
            SendBegun sent = send.event();
            At<SendBegun> before = last.put(new Stream(sent.session(), sent.destination(), sent.priority()), send);
            if (before != null && before.index() > send.index()) {
                violation.accept(
                        sent.message() + ", sent at " + send.index() + ", came first at " + first.index() + " to "
                                + subscription + ", after " + before.event().message() + ", sent at " + before.index());
            }
        }
    }
}
