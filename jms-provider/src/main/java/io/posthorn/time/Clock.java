package io.posthorn.time;

/**
 * Where every component gets the time from. Any thread may call it.
 *
 * <p>Tests and the simulator pass a hand-driven clock, so nothing outside this package reads a system clock.
 */
public interface Clock {

    /** Wall-clock time in milliseconds since 1970-01-01T00:00Z; may jump when the host's clock is set. */
    long wallMs();

    /** Monotonic time in nanoseconds from an arbitrary origin; only differences mean anything. */
    long monotonicNs();

    /** The clock of this host. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
