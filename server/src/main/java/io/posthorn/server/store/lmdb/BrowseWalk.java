package io.posthorn.server.store.lmdb;

import io.posthorn.server.store.BrowseRequest;
import io.posthorn.server.store.BrowseResult;
import io.posthorn.server.store.BrowseResult.Seen;
import io.posthorn.server.store.Expiry;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Store;
import java.util.ArrayList;
import java.util.List;

/** Walks over the messages of a queue that somebody waits for, in one read transaction. One thread, one page. */
final class BrowseWalk {

    private final Rows rows;
    private final BrowseRequest request;
    private final List<Seen> page = new ArrayList<>();
    private long bytes;

    BrowseWalk(Rows rows, BrowseRequest request) {
        this.rows = rows;
        this.request = request;
    }

    BrowseResult run() {
        int destination = rows.destinationOf(request.queue());
        List<Integer> subscriptions = destination == 0 ? List.of() : rows.subscriptionsOf(destination);
        if (subscriptions.isEmpty()) {
            return new BrowseResult(destination != 0, List.of(), -1, 0);
        }
        long from = request.offset();
        for (int priority = Math.min(9, request.priority()); priority >= 0; priority--) {
            long stoppedAt = walk(subscriptions.get(0), LaneId.of(destination, 0, priority), from);
            if (stoppedAt >= 0) {
                return new BrowseResult(true, page, priority, stoppedAt);
            }
            from = 0;
        }
        return new BrowseResult(true, page, -1, 0);
    }

    /** @return the offset at which the page was full, -1 when the lane came to its end before */
    private long walk(int subscription, long lane, long from) {
        long end = rows.nextOffset(lane);
        for (long number = PendingBlock.of(from); number * Store.BLOCK_MESSAGES < end; number++) {
            PendingBlock block = rows.pending(new SubscriptionKey(subscription, lane, number));
            long first = Math.max(from, number * Store.BLOCK_MESSAGES);
            long behind = Math.min(end, (number + 1) * Store.BLOCK_MESSAGES);
            for (long offset = first; block != null && offset < behind; offset++) {
                if (!block.get(offset)) {
                    continue;
                }
                if (page.size() >= request.messagesMax() || bytes >= request.bytesMax()) {
                    return offset;
                }
                look(subscription, lane, offset);
            }
        }
        return -1;
    }

    private void look(int subscription, long lane, long offset) {
        DeliveryCount delivery = rows.delivery(new SubscriptionKey(subscription, lane, offset));
        StoredMessage found = rows.message(lane, offset);
        if (found == null
                || Expiry.expiresMs(found.message(), found.receivedMs()) <= request.nowMs()
                || delivery != null && delivery.notBeforeMs() > request.nowMs()) {
            return;
        }
        page.add(new Seen(lane, offset, delivery == null ? 0 : delivery.count(), found.message()));
        bytes += found.message().size();
    }
}
