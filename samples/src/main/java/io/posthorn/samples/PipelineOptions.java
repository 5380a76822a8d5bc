package io.posthorn.samples;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * The command line of {@link OrderPipeline}.
 *
 * @param kill whether to kill the server in the middle
 * @param promote whether to run over Master and Slave, kill the Master in the middle and promote the Slave
 * @param rounds how often to run, at least 1
 * @param orders the order file; null for the one that comes with the samples
 * @param workers how many workers, 1 to {@value #WORKERS_MAX}
 * @param serverJar the server to start
 * @param keep whether to leave the server's data where it is
 */
record PipelineOptions(
        boolean kill, boolean promote, int rounds, Path orders, int workers, Path serverJar, boolean keep) {
    static final String USAGE = """
            Usage: run-orders [options]

              --kill             kill the server (SIGKILL) in the middle, restart it, and still end exact
              --promote          run over 2 NameServers, a Master and a Slave; kill the Master in the
                                 middle, promote the Slave, and still end exact
              --rounds N         run N times (default 1)
              --orders FILE      the orders, a CSV file (default: the one that comes with the samples)
              --workers N        how many workers turn orders into invoices (default 4)
              --server-jar PATH  the server (default server/target/posthorn-server.jar)
              --keep             leave the server's data directory where it is
              --help             show this text

            Exit code: 0 all exact; 1 something missing, doubled or failed; 2 wrong options.""";

    private static final int WORKERS_MAX = 64;
    private static final int ROUNDS_MAX = 100_000;

    /**
     * @throws UsageException for an unknown option, a value that is missing, or one that is no number within its bounds
     */
    static PipelineOptions parse(List<String> arguments) throws UsageException {
        boolean kill = false;
        boolean promote = false;
        int rounds = 1;
        Path orders = null;
        int workers = 4;
        Path serverJar = Path.of("server", "target", "posthorn-server.jar");
        boolean keep = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--kill" -> kill = true;
                case "--promote" -> promote = true;
                case "--rounds" -> rounds = number(option, rest, ROUNDS_MAX);
                case "--orders" -> orders = Path.of(value(option, rest));
                case "--workers" -> workers = number(option, rest, WORKERS_MAX);
                case "--server-jar" -> serverJar = Path.of(value(option, rest));
                case "--keep" -> keep = true;
                default -> throw new UsageException("Unknown option " + option);
            }
        }
        if (kill && promote) {
            throw new UsageException("Options --kill and --promote do not go together");
        }
        return new PipelineOptions(kill, promote, rounds, orders, workers, serverJar, keep);
    }

    private static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException("Option " + option + " needs a value");
        }
        return rest.next();
    }

    private static int number(String option, Iterator<String> rest, int max) throws UsageException {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below, like a number out of bounds.
        }
        throw new UsageException("Option " + option + " needs a number from 1 to " + max + ", not " + text);
    }
}
