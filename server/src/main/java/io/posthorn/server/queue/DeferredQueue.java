package io.posthorn.server.queue;

import java.util.PriorityQueue;

/** Journalled messages that must not be delivered before a time. They are marked taken until then. */
final class DeferredQueue {

    private record Item(long notBeforeMs, long order, Level level, long offset) implements Comparable<Item> {
        @Override
        public int compareTo(Item other) {
            int byTime = Long.compare(notBeforeMs, other.notBeforeMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Item> items = new PriorityQueue<>();
    private long lastOrder;

    void add(long notBeforeMs, Level level, long offset) {
        items.add(new Item(notBeforeMs, ++lastOrder, level, offset));
    }

    /** Frees what is due. */
    void release(long now, DirtyList dirty) {
        while (!items.isEmpty() && items.peek().notBeforeMs <= now) {
            Item item = items.poll();
            Level level = item.level;
            // After a restart older items come back too; the newest is the one that counts.
            if (!level.subscription.dead && level.counts.release(item.offset, item.notBeforeMs)) {
                level.deferralOver(item.offset);
                dirty.mark(level.subscription);
            }
        }
    }

    long nextMs() {
        return items.isEmpty() ? Long.MAX_VALUE : items.peek().notBeforeMs;
    }
}
