package io.posthorn.samples;

import java.io.PrintStream;

/**
 * Says how far the pipeline is: on a terminal one line that is written over, elsewhere a line about every ten percent.
 * Called by all threads of the pipeline.
 */
final class Progress {
    private final PrintStream out;
    private final boolean terminal;
    private final int orderCount;
    private int sent;
    private int booked;
    private int workRolledBack;
    private int bookingRolledBack;
    private int reconnected;
    private int percentShown = -1;
    private int lineLength;

    /**
     * @param terminal whether a carriage return goes back to the start of the line
     * @param orderCount how many orders there are, at least 1
     */
    Progress(PrintStream out, boolean terminal, int orderCount) {
        this.out = out;
        this.terminal = terminal;
        this.orderCount = orderCount;
    }

    /** One more order was sent. */
    synchronized void sent() {
        sent++;
    }

    /** Invoices for so many orders are booked. */
    synchronized void booked(int orders) {
        booked = orders;
        int percent = (int) (100L * booked / orderCount);
        int step = terminal ? percent : percent - percent % 10;
        if (step > percentShown) {
            percentShown = step;
            show(percent);
        }
    }

    synchronized void workRolledBack() {
        workRolledBack++;
    }

    synchronized void bookingRolledBack() {
        bookingRolledBack++;
    }

    /** A worker has lost its connection for good and makes a new one. */
    synchronized void reconnecting(Exception reason) {
        reconnected++;
        say("a worker connects anew: " + reason);
    }

    /** Writes a line of its own. */
    synchronized void say(String text) {
        clearLine();
        out.println("  " + text);
    }

    /** How many invoices are booked and orders sent: grows as long as the pipeline moves. */
    synchronized long moved() {
        return (long) sent + booked;
    }

    /** How far it is, in words. */
    synchronized String position() {
        return "%s orders sent and %s invoices booked".formatted(ReportText.count(sent), ReportText.count(booked));
    }

    /** What had to be done again. */
    synchronized String repeats() {
        return "%d orders and %d ledger batches rolled back and repeated, %d connections replaced"
                .formatted(workRolledBack, bookingRolledBack, reconnected);
    }

    private void show(int percent) {
        String line = "  %3d %%   orders sent %s   invoices booked %s of %s"
                .formatted(percent, ReportText.count(sent), ReportText.count(booked), ReportText.count(orderCount));
        if (!terminal) {
            out.println(line);
            return;
        }
        out.print("\r" + line + " ".repeat(Math.max(0, lineLength - line.length())));
        out.flush();
        lineLength = line.length();
        if (booked == orderCount) {
            out.println();
            lineLength = 0;
        }
    }

    private void clearLine() {
        if (lineLength > 0) {
            out.println();
            lineLength = 0;
        }
    }
}
