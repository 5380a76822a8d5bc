package io.posthorn.provider.remote;

import java.time.Duration;
import java.util.concurrent.Future;

/** The one I/O thread of a connection: everything that is not an application thread's call happens there. */
interface Loop {

    /** Runs a task there, soon; after the thread has ended, in the calling thread. */
    void execute(Runnable task);

    /** Runs a task there after a delay, unless the future is cancelled or the thread ends first. */
    Future<?> schedule(Runnable task, Duration delay);

    /** Whether this is that thread, which must never wait. */
    boolean isCurrentThread();
}
