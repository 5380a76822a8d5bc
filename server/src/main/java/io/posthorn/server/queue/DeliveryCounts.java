package io.posthorn.server.queue;

/** Delivery counts and earliest redeliveries of those few pending messages of a level that were handed over before. */
final class DeliveryCounts {

    /** What is known about one message. */
    static final class Row {
        int count;
        /** Volatile: how often of these that does not make it a dead letter. */
        int excused;

        long notBeforeMs;
        /** Volatile: it waits for that time still. */
        boolean waits;
    }

    private final LongMap<Row> rows = new LongMap<>();

    int count(long offset) {
        if (rows.isEmpty()) {
            return 0;
        }
        Row row = rows.get(offset);
        return row == null ? 0 : row.count;
    }

    /** How often it was handed over, but for what is excused. */
    int blamed(long offset) {
        if (rows.isEmpty()) {
            return 0;
        }
        Row row = rows.get(offset);
        return row == null ? 0 : row.count - row.excused;
    }

    void excuse(long offset) {
        Row row = rows.get(offset);
        if (row != null) {
            row.excused++;
        }
    }

    /** Those that are above a limit, which only an excuse allows, get one more try: excuses are forgotten in a restart. */
    void excuseAbove(int max) {
        rows.forEachSorted((row, offset) -> {
            if (row.count > max) {
                row.excused = row.count - max + 1;
            }
        });
    }

    void raise(long offset) {
        row(offset).count++;
    }

    void defer(long offset, long notBeforeMs) {
        Row row = row(offset);
        row.notBeforeMs = notBeforeMs;
        row.waits = true;
    }

    /** The time has come for which it was once deferred; returns false when it does not wait for that any more. */
    boolean release(long offset, long notBeforeMs) {
        Row row = rows.get(offset);
        if (row == null) {
            return true;
        }
        if (!row.waits || row.notBeforeMs > notBeforeMs) {
            return false;
        }
        row.waits = false;
        return true;
    }

    boolean isDeferred(long offset) {
        Row row = rows.get(offset);
        return row != null && row.waits;
    }

    void restore(long offset, int count, long notBeforeMs) {
        Row row = row(offset);
        row.count = count;
        row.notBeforeMs = notBeforeMs;
    }

    void forget(long offset) {
        if (!rows.isEmpty()) {
            rows.remove(offset);
        }
    }

    LongMap<Row> rows() {
        return rows;
    }

    private Row row(long offset) {
        Row row = rows.get(offset);
        if (row == null) {
            row = new Row();
            rows.put(offset, row);
        }
        return row;
    }
}
