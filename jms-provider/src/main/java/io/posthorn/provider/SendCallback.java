package io.posthorn.provider;

/** Told how a send ended. Called once, on an I/O thread; must not block. */
public interface SendCallback {

    /** @param failure null when it succeeded */
    void done(ProviderException failure);

    /** Whether the thread that sends is about to wait for {@link #done}. */
    default boolean isAwaited() {
        return false;
    }
}
