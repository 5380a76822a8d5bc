package io.posthorn.server.queue;

import java.util.List;

/**
 * Gives ready messages to consumers with room, a short row of messages each in turn (see {@link Pace}), and answers drains. Works through the subscriptions
 * that something has happened to.
 */
final class Dispatcher {

    private final HeartState state;
    private final Finder finder;
    private final Browser browser;
    private final ColdReader reader;

    Dispatcher(HeartState state, Finder finder, Browser browser, ColdReader reader) {
        this.state = state;
        this.finder = finder;
        this.browser = browser;
        this.reader = reader;
    }

    Outcome<Void> dispatch(long now) {
        reader.makeRoom();
        state.spill.makeRoom(state.memory, state.round);
        if (state.dirty.isEmpty()) {
            state.round++;
            return Outcome.done();
        }
        Ledger ledger = new Ledger();
        for (SubscriptionState next = state.dirty.poll(); next != null; next = state.dirty.poll()) {
            if (!next.dead && !next.isPaused(now)) {
                dispatch(next, now, ledger);
            }
        }
        state.round++;
        Finder.finish(ledger);
        return ledger.outcome(null);
    }

    private void dispatch(SubscriptionState subscription, long now, Ledger ledger) {
        List<ConsumerState> consumers = subscription.consumers;
        if (!consumers.isEmpty()) {
            subscription.beginRound();
            deliver(subscription, consumers, now, ledger);
            for (int i = 0; i < consumers.size(); i++) {
                ConsumerState consumer = consumers.get(i);
                if (consumer.isDraining() && !(consumer.group.awaitsRead && consumer.hasRoom())) {
                    drained(consumer, false);
                }
            }
        }
        for (int i = 0; i < subscription.browsers.size(); i++) {
            ConsumerState consumer = subscription.browsers.get(i);
            browser.show(consumer, now);
            if (consumer.isDraining() && !consumer.browse.awaitsRead) {
                drained(consumer, consumer.browse.ended);
            }
        }
    }

    private void deliver(SubscriptionState subscription, List<ConsumerState> consumers, long now, Ledger ledger) {
        int n = consumers.size();
        int passed = 0;
        int inRow = 0;
        while (passed < n) {
            if (subscription.turn >= n) {
                subscription.turn = 0;
            }
            ConsumerState consumer = consumers.get(subscription.turn);
            SelectorGroup group = consumer.group;
            if (group.exhausted && consumer.lines.isEmpty()
                    || !consumer.hasRoom()
                    || consumer.waitsInDispatch == subscription.dispatches) {
                passed++;
            } else if (finder.find(subscription, consumer, now, ledger)) {
                deliver(finder.target);
                passed = 0;
                if (++inRow < consumer.pace.row(now)) {
                    continue;
                }
            } else {
                // One that waits for a message of its own to be read does not hold up the others.
                group.exhausted |= consumer.waitsInDispatch != subscription.dispatches;
                passed++;
            }
            inRow = 0;
            subscription.turn++;
        }
    }

    private void deliver(ConsumerState consumer) {
        VolatileMessage inMemory = finder.inMemory;
        Delivery delivery = new Delivery(finder.level, finder.offset, inMemory, finder.message.size());
        long id = consumer.inFlight.add(delivery);
        consumer.unhandedBytes += delivery.bytes;
        consumer.subscription.inFlight++;
        if (finder.message.isGrouped()) {
            delivery.group =
                    consumer.subscription.groups.hold(finder.message.groupId(), consumer, finder.message.endsGroup());
        }
        state.output.deliver(
                consumer,
                id,
                finder.deliveryCount,
                finder.level.lane.id,
                inMemory == null ? finder.offset : -inMemory.id,
                finder.message);
    }

    private void drained(ConsumerState consumer, boolean endOfBrowse) {
        consumer.limit = consumer.inFlight.last();
        consumer.endDrains(state.output, consumer.limit, endOfBrowse);
    }
}
