package io.posthorn.server.cli;

import io.posthorn.server.store.Progress;
import io.posthorn.time.Clock;
import java.io.PrintWriter;

/** Prints how far a command has come, at most once a second. Thread-safe. */
final class ProgressLines implements Progress {

    private static final long EVERY_NS = 1_000_000_000L;

    private final PrintWriter out;
    private final Clock clock = Clock.system();
    private long nextNs = clock.monotonicNs() + EVERY_NS;

    ProgressLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void at(String what, long done, long total) {
        long nowNs = clock.monotonicNs();
        if (nowNs >= nextNs) {
            nextNs = nowNs + EVERY_NS;
            out.println("… " + what + (total > 0 ? ": " + done + " of " + total : ""));
            out.flush();
        }
    }
}
