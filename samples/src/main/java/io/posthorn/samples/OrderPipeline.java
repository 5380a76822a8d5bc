package io.posthorn.samples;

import jakarta.jms.JMSException;
import java.io.PrintStream;
import java.util.List;
import javax.naming.NamingException;

/**
 * The main program of the samples: runs the order pipeline over a server process and compares the ledger with the file.
 *
 * <p>Exit code 0: the totals are exact and the server came and went as it should. 1: something is missing, doubled, or has
 * failed; it says what, and leaves the server's data where it is. 2: the command line was not understood.
 */
public final class OrderPipeline {
    private static final int EXACT = 0;
    private static final int FAULTY = 1;
    private static final int USAGE = 2;

    /** The server, or the Master, is killed when about this part of the invoices is booked; the rounds spread around it. */
    private static final int KILL_PERCENT = 40;

    private static final int KILL_SPREAD_PERCENT = 8;

    private final PipelineOptions options;
    private final List<Order> orders;
    private final PrintStream out;
    private final boolean terminal;

    private OrderPipeline(PipelineOptions options, List<Order> orders, PrintStream out, boolean terminal) {
        this.options = options;
        this.orders = orders;
        this.out = out;
        this.terminal = terminal;
    }

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments), System.out, System.err, System.console() != null));
    }

    /**
     * Runs with these arguments.
     *
     * @param terminal whether {@code out} is a terminal, on which a line may be written over
     * @return the exit code
     */
    static int run(List<String> arguments, PrintStream out, PrintStream err, boolean terminal)
            throws InterruptedException {
        if (arguments.contains("--help")) {
            out.println(PipelineOptions.USAGE);
            return EXACT;
        }
        try {
            PipelineOptions options = PipelineOptions.parse(arguments);
            List<Order> orders = options.orders() == null ? OrderFile.readShipped() : OrderFile.read(options.orders());
            ServerProcess.requireJar(options.serverJar());
            return new OrderPipeline(options, orders, out, terminal).runRounds() ? EXACT : FAULTY;
        } catch (UsageException e) {
            err.println(e.getMessage());
            err.println();
            err.println(PipelineOptions.USAGE);
            return USAGE;
        } catch (OrderFileException | ServerFailedException | RoleFailedException e) {
            err.println(e.getMessage());
            return FAULTY;
        } catch (JMSException | NamingException e) {
            err.println("The JMS provider reports: " + e);
            return FAULTY;
        }
    }

    private boolean runRounds()
            throws ServerFailedException, RoleFailedException, JMSException, NamingException, InterruptedException {
        out.println(ReportText.count(orders.size()) + " orders over "
                + ReportText.euros(Totals.ofOrders(orders).all().cents()) + " EUR, " + options.workers() + " workers"
                + (options.kill() ? ", the server is killed in the middle" : "")
                + (options.promote() ? ", the Master is killed in the middle and its Slave promoted" : ""));
        for (int round = 1; round <= options.rounds(); round++) {
            if (options.rounds() > 1) {
                out.println("round " + round + " of " + options.rounds());
            }
            if (!runRound(round)) {
                return false;
            }
        }
        if (options.rounds() > 1) {
            out.println("All " + options.rounds() + " rounds exact.");
        }
        return true;
    }

    private boolean runRound(int round)
            throws ServerFailedException, RoleFailedException, JMSException, NamingException, InterruptedException {
        WorkDirectory work = WorkDirectory.create();
        boolean exact = false;
        try {
            Progress progress = new Progress(out, terminal, orders.size());
            RoundReport report = PipelineRound.run(
                    orders, options, work, options.kill() || options.promote() ? killAt(round) : 0, progress);
            show(report, round == options.rounds());
            exact = report.exact();
        } finally {
            if (exact && !options.keep()) {
                work.delete();
            } else {
                out.println("  The data and logs of the servers are in " + work.path());
            }
        }
        return exact;
    }

    /** The first round kills at 40 percent, the following ones a little before or behind, so that they differ. */
    private int killAt(int round) {
        int percent = KILL_PERCENT + (round - 1) * 5 % (2 * KILL_SPREAD_PERCENT + 1);
        if (percent > KILL_PERCENT + KILL_SPREAD_PERCENT) {
            percent -= 2 * KILL_SPREAD_PERCENT + 1;
        }
        return Math.max(1, (int) (orders.size() * (long) percent / 100));
    }

    /** The table is left out of exact rounds before the last. */
    private void show(RoundReport report, boolean last) {
        if (last || !report.exact()) {
            out.println();
            ReportText.table(report.result()).forEach(line -> out.println("  " + line));
            out.println();
        }
        out.println("  " + report.repeats());
        if (report.exact()) {
            out.println("  Exact: one invoice for every order, nothing lost, nothing doubled.");
        } else {
            out.println("  NOT exact:");
            report.faults().forEach(line -> out.println("  " + line));
        }
        out.println();
    }
}
