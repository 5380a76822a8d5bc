package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import java.util.Map;

/**
 * Shows a browsing consumer what is ready in a queue, in delivery order, up to where the queue was when it was opened (Jakarta
 * Messaging 3.1, 4.1.6). What is in flight to a consumer, delayed or expired is not shown. Nothing is taken or counted.
 */
final class Browser {

    private final HeartState state;
    private final ColdReader reader;

    Browser(HeartState state, ColdReader reader) {
        this.state = state;
        this.reader = reader;
    }

    /** Shows as much as there is credit for. */
    void show(ConsumerState consumer, long now) {
        BrowseState browse = consumer.browse;
        browse.awaitsRead = false;
        while (!browse.ended && !browse.awaitsRead && consumer.inFlight.last() < consumer.limit) {
            step(consumer, browse, now);
        }
        // A drain that used all its credit should still know whether that was the end.
        while (consumer.isDraining() && !browse.ended && !browse.awaitsRead && !hasMore(consumer, browse)) {
            browse.nextPriority();
            browse.ended = browse.priority() < 0;
        }
    }

    private boolean hasMore(ConsumerState consumer, BrowseState browse) {
        Level level = consumer.subscription.levels[browse.priority()];
        return level != null && (nextOffset(level, browse) >= 0 || nextVolatile(level, browse) != null);
    }

    private void step(ConsumerState consumer, BrowseState browse, long now) {
        Level level = consumer.subscription.levels[browse.priority()];
        long offset = level == null ? -1 : nextOffset(level, browse);
        VolatileMessage inMemory = level == null ? null : nextVolatile(level, browse);
        if (offset < 0 && inMemory == null) {
            browse.nextPriority();
            browse.ended = browse.priority() < 0;
        } else if (offset >= 0 && (inMemory == null || offset < inMemory.key)) {
            showJournalled(consumer, level, offset, now);
        } else {
            showInMemory(consumer, level, inMemory, now);
        }
    }

    private void showInMemory(ConsumerState consumer, Level level, VolatileMessage inMemory, long now) {
        VolatileBody body = inMemory.body;
        if (body.message() == null && !body.isLost() && !body.isExpired(now)) {
            state.spill.read(level, inMemory);
            consumer.browse.awaitsRead = true;
            return;
        }
        consumer.browse.cursor().volatileId = inMemory.id + 1;
        if (body.message() != null && !body.isExpired(now)) {
            show(consumer, level, -inMemory.id, body.message(), inMemory.count);
        }
    }

    private void showJournalled(ConsumerState consumer, Level level, long offset, long now) {
        EncodedMessage message = reader.message(level, offset);
        if (message == null && !level.lane.isMissing(offset)) {
            reader.request(level, offset);
            consumer.browse.awaitsRead = true;
            return;
        }
        consumer.browse.cursor().offset = offset + 1;
        if (message != null && !Expiry.isExpired(message, level.lane.receivedMs(offset), now)) {
            show(consumer, level, offset, message, level.counts.count(offset));
        }
    }

    private void show(ConsumerState consumer, Level level, long offset, EncodedMessage message, int count) {
        if (consumer.filter.matches(message)) {
            long id = consumer.inFlight.skip();
            state.output.deliver(consumer, id, count, level.lane.id, offset, message);
        }
    }

    private static long nextOffset(Level level, BrowseState browse) {
        return level.pending.next(browse.cursor().offset, browse.offsetEnd(), level.taken);
    }

    private VolatileMessage nextVolatile(Level level, BrowseState browse) {
        Map.Entry<Long, VolatileMessage> next = level.waiting.ceilingEntry(browse.cursor().volatileId);
        if (next == null || next.getKey() > browse.lastVolatileId()) {
            return null;
        }
        VolatileMessage message = next.getValue();
        return message.visibleAt == 0 || state.visibility.isCommitted(message.visibleAt) ? message : null;
    }
}
