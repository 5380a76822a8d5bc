package io.posthorn.samples;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.naming.NamingException;

/**
 * One run of the pipeline over servers of its own with empty data: starts them, sends, works, books, compares, stops them.
 *
 * <pre>
 * orders.csv -> OrderProducer -> (queue orders) -> OrderWorker x N -> (topic invoices) -> InvoiceLedger -> compared
 * </pre>
 *
 * For one thread, the one that calls {@link #run}. The end is certain, not guessed from silence: when all orders are booked and all
 * are sent, the workers empty the queue and end; after that nobody can publish, and the ledger empties its subscription.
 * Whatever was doubled anywhere has then been booked.
 */
final class PipelineRound {
    private static final long STILL_MAX_MS = 60_000;

    private final List<Order> orders;
    private final int workerCount;
    /** At how many booked invoices disaster strikes; 0 for never. */
    private final int strikeAt;

    private final Servers servers;
    private final Endpoints endpoints;
    private final Progress progress;
    private final List<String> faults = new ArrayList<>();

    private PipelineRound(
            List<Order> orders,
            int workerCount,
            int strikeAt,
            Servers servers,
            Endpoints endpoints,
            Progress progress) {
        this.orders = orders;
        this.workerCount = workerCount;
        this.strikeAt = strikeAt;
        this.servers = servers;
        this.endpoints = endpoints;
        this.progress = progress;
    }

    /**
     * Runs once.
     *
     * @param work for the servers' data and logs; deleted only when the process is interrupted (Control-C)
     * @param strikeAt at how many booked invoices the server, or the Master, is killed; 0 for never
     * @throws ServerFailedException if a server does not start or restart, or cannot be promoted
     * @throws RoleFailedException if a producer, worker or ledger could not go on
     */
    static RoundReport run(
            List<Order> orders, PipelineOptions options, WorkDirectory work, int strikeAt, Progress progress)
            throws ServerFailedException, RoleFailedException, JMSException, NamingException, InterruptedException {
        try (Servers servers = options.promote()
                ? new ClusterServers(options.serverJar(), work.path())
                : new StandaloneServer(options.serverJar(), work.path())) {
            // Control-C must not leave a server or its data behind.
            Thread hook = new Thread(() -> cleanUp(servers, work, options.keep()), "posthorn-server-end");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                servers.start(progress);
                Endpoints endpoints = Endpoints.lookup(servers.url());
                return new PipelineRound(orders, options.workers(), strikeAt, servers, endpoints, progress).run();
            } finally {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    private static void cleanUp(Servers servers, WorkDirectory work, boolean keep) {
        servers.close();
        if (!keep) {
            work.delete();
        }
    }

    private RoundReport run() throws ServerFailedException, RoleFailedException, JMSException, InterruptedException {
        LedgerBook book;
        boolean ended;
        try (InvoiceLedger ledger = InvoiceLedger.subscribe(endpoints, progress);
                Crew crew = new Crew()) {
            book = ledger.ledgerBook();
            ended = trade(ledger, crew);
        }
        if (ended) {
            checkNoOrderLeft();
            stopServers();
        } else {
            faults.add("Nothing has moved for " + STILL_MAX_MS / 1_000 + " s; given up");
        }
        return new RoundReport(Reconciliation.of(orders, book.invoices()), progress.repeats(), faults);
    }

    /** Returns whether all came to its end; false when it got stuck. */
    private boolean trade(InvoiceLedger ledger, Crew crew)
            throws ServerFailedException, RoleFailedException, InterruptedException {
        CompletableFuture<Void> booking = crew.start("ledger", ledger::book);
        List<OrderWorker> workers = new ArrayList<>();
        List<CompletableFuture<Void>> working = new ArrayList<>();
        for (int i = 1; i <= workerCount; i++) {
            OrderWorker worker = new OrderWorker(endpoints, progress);
            workers.add(worker);
            working.add(crew.start("worker-" + i, worker::work));
        }
        OrderProducer producer = new OrderProducer(endpoints, progress);
        CompletableFuture<Void> sending = crew.start("producer", () -> producer.sendAll(orders));

        if (strikeAt > 0) {
            if (!await(crew, ledger.booked(strikeAt))) {
                return false;
            }
            servers.strike(progress);
        }
        if (!await(crew, ledger.booked(orders.size())) || !await(crew, sending)) {
            return false;
        }
        workers.forEach(OrderWorker::finish);
        if (!await(crew, CompletableFuture.allOf(working.toArray(CompletableFuture<?>[]::new)))) {
            return false;
        }
        ledger.finish();
        return await(crew, booking);
    }

    private boolean await(Crew crew, CompletableFuture<?> goal) throws RoleFailedException, InterruptedException {
        return crew.await(goal, progress::moved, STILL_MAX_MS);
    }

    private void checkNoOrderLeft() throws JMSException {
        try (Connection connection = endpoints.connectionFactory().createConnection();
                Session session = connection.createSession();
                QueueBrowser browser = session.createBrowser(endpoints.orders())) {
            connection.start();
            Enumeration<?> orderMessages = browser.getEnumeration();
            int left = 0;
            while (orderMessages.hasMoreElements()) {
                orderMessages.nextElement();
                left++;
            }
            if (left > 0) {
                faults.add(left + " orders are left in the queue");
            }
        }
    }

    private void stopServers() throws InterruptedException {
        try {
            servers.stop();
        } catch (ServerFailedException e) {
            faults.add(e.getMessage());
        }
    }
}
