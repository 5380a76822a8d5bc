package io.posthorn.provider.remote;

/** What a producer knows of one of its local transactions. Guarded by the producer. */
final class Transaction {

    private final long sequence;
    private int staged;
    private boolean touched;
    private boolean lost;

    Transaction(long sequence) {
        this.sequence = sequence;
    }

    /** 1, 2, 3… per producer. */
    long sequence() {
        return sequence;
    }

    /** How many sends the application made under it. */
    int staged() {
        return staged;
    }

    void stage() {
        staged++;
    }

    /** Whether the broker may have seen one of its sends. */
    boolean isTouched() {
        return touched;
    }

    void touch() {
        touched = true;
    }

    /** Whether the broker has dropped what was staged, because the link was lost before the commit. */
    boolean isLost() {
        return lost;
    }

    void lose() {
        lost = true;
    }
}
