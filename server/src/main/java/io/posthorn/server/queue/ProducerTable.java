package io.posthorn.server.queue;

/** All producers the broker remembers. */
final class ProducerTable {

    private final LongMap<ProducerState> rows = new LongMap<>();

    /** Null when nothing is known. */
    ProducerState get(long producerId) {
        return rows.get(producerId);
    }

    ProducerState open(long producerId) {
        ProducerState row = rows.get(producerId);
        if (row == null) {
            row = new ProducerState(producerId);
            rows.put(producerId, row);
        }
        return row;
    }

    boolean isDone(long producerId, long sequence) {
        if (sequence == 0) {
            return false;
        }
        ProducerState row = rows.get(producerId);
        return row != null && row.isDone(sequence);
    }

    void remove(long producerId) {
        rows.remove(producerId);
    }

    LongMap<ProducerState> rows() {
        return rows;
    }
}
