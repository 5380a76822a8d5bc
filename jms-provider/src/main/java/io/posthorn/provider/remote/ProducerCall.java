package io.posthorn.provider.remote;

/** A call of one producer; they are written, and repeated, in the order in which the application made them. */
abstract class ProducerCall extends Call {

    /** The transaction it belongs to, or null. */
    final Transaction transaction;

    /** Guarded by the producer: it has its outcome, and leaves the queue when it comes to its head. */
    private boolean settled;

    ProducerCall(Transaction transaction) {
        this.transaction = transaction;
    }

    final boolean isSettled() {
        return settled;
    }

    /** @return false when it had its outcome already */
    final boolean settle() {
        boolean first = !settled;
        settled = true;
        return first;
    }

    /**
     * The link it may have been written on is lost; under the producer's lock.
     *
     * @return whether it has to be looked at again: repeated, or asked about. False: nothing more will come of it, and {@link
     *     #abandoned} is next
     */
    abstract boolean survivesLoss();

    /** Ends as a call that was not worth repeating; on the event loop, without the lock. */
    abstract void abandoned();
}
