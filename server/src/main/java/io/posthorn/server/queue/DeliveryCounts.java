package io.posthorn.server.queue;

/** Delivery counts and earliest redeliveries of those few pending messages of a level that were handed over before. */
final class DeliveryCounts {

    /** What is known about one message. */
    static final class Row {
        int count;
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
