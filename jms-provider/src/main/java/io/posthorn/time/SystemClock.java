package io.posthorn.time;

/** The host's clock. Stateless, so one instance serves all. */
enum SystemClock implements Clock {
    INSTANCE;

    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNs() {
        return System.nanoTime();
    }
}
