package io.posthorn.jms;

import io.posthorn.provider.ProviderException;
import io.posthorn.provider.SendCallback;

/** One local transaction of a session: whether it has sent anything, and the first of its sends that failed. */
final class Transaction implements SendCallback {

    private volatile boolean touched;
    private volatile ProviderException failure;

    /** A message is about to be sent in it. */
    void touch() {
        touched = true;
    }

    boolean touched() {
        return touched;
    }

    @Override
    public void done(ProviderException reason) {
        if (reason != null && failure == null) {
            failure = reason;
        }
    }

    /** Why it cannot be committed, or null. */
    ProviderException failure() {
        return failure;
    }
}
