package io.posthorn.cluster.load;

import io.posthorn.cluster.history.Checker;
import io.posthorn.cluster.history.Event.Drained;
import io.posthorn.cluster.history.Event.Mode;
import io.posthorn.cluster.history.Event.Subscribed;
import io.posthorn.cluster.history.History;
import io.posthorn.cluster.history.Violation;
import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.time.Clock;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that send, forward and receive while a test does something to the cluster: a queue with senders of both kinds whose messages one
 * client forwards to a second queue in transactions, and a topic with a shared durable subscription. All of it is recorded, and
 * checked at the end. One thread uses it.
 */
public final class Load {

    /** To be given to the brokers, so that what a lost client had is free soon. */
    public static final long RESUME_TIMEOUT_MS = 1_000;

    /** Options of the client's URL: whatever a test does shall pass unseen if the client can mend it. */
    private static final String OPTIONS = "failoverTimeoutMs=60000&keepAliveMs=5000&requestTimeoutMs=10000";

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long PAUSE_NS = 5_000_000;
    private static final long STANDSTILL_NS = 500_000_000;

    private final History history = new History();
    private final ConnectionFactory factory;

    /** In the order in which they are to end: who sends, who forwards, who receives. */
    private final List<List<Worker>> stages = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

    private final Map<Worker, Thread> threads = new LinkedHashMap<>();
    private final List<String> subscriptions = new ArrayList<>();

    private Load(String url) {
        this.factory = new PosthornConnectionFactory(url);
    }

    /**
     * Starts the clients.
     *
     * @param url the cluster's, made with {@link #options}
     * @param name of its destinations; another one for each load
     */
    public static Load start(String url, String name) throws JMSException {
        Load load = new Load(url);
        Target in = Target.queue(name + ".in");
        Target out = Target.queue(name + ".out");
        Target topic = Target.topic(name + ".topic");
        load.subscribe(in, true);
        load.subscribe(out, true);
        load.subscribe(topic, false);
        load.sender("plain", in, false);
        load.sender("transacted", in, true);
        load.sender("publisher", topic, false);
        load.receiver(1, "forwarder", in, Mode.TRANSACTED, out);
        load.receiver(2, "acknowledger", out, Mode.CLIENT, null);
        load.receiver(2, "subscriber", topic, Mode.AUTO, null);
        load.receiver(2, "other-subscriber", topic, Mode.CLIENT, null);
        load.threads.values().forEach(Thread::start);
        return load;
    }

    /** What the cluster's URL has to have. */
    public static String options() {
        return OPTIONS;
    }

    public History history() {
        return history;
    }

    private void subscribe(Target target, boolean exclusive) throws JMSException {
        String subscription = Receiver.subscription(target);
        if (target.topic()) {
            try (Connection connection = factory.createConnection();
                    Session session = connection.createSession()) {
                session.createSharedDurableConsumer(session.createTopic(target.name()), subscription)
                        .close();
            }
        }
        history.add(new Subscribed(subscription, target.name(), exclusive));
        subscriptions.add(subscription);
    }

    private void sender(String name, Target target, boolean transacted) {
        add(0, new Sender(name, factory, history, target, transacted));
    }

    private void receiver(int stage, String name, Target target, Mode mode, Target forward) {
        add(stage, new Receiver(name, factory, history, target, mode, forward));
    }

    private void add(int stage, Worker worker) {
        stages.get(stage).add(worker);
        Thread thread = new Thread(worker, "load-" + worker.name());
        thread.setDaemon(true);
        threads.put(worker, thread);
    }

    /** Waits until the clients have seen this many events more. */
    public void awaitProgress(int events) {
        int goal = history.size() + events;
        await("progress: " + events + " events more", () -> history.size() >= goal);
    }

    /** Waits until the clients have seen nothing for half a second: nothing gets through any more. */
    public void awaitStandstill() {
        long[] since = {0, Clock.system().monotonicNs()};
        await("a standstill", () -> {
            long nowNs = Clock.system().monotonicNs();
            if (history.size() != since[0]) {
                since[0] = history.size();
                since[1] = nowNs;
            }
            return nowNs - since[1] > STANDSTILL_NS;
        });
    }

    /** Ends the clients, one stage after the other, when each has done what is left for it. */
    public void finish() {
        for (List<Worker> stage : stages) {
            stage.forEach(Worker::end);
            for (Worker worker : stage) {
                await("the end of " + worker.name(), () -> !threads.get(worker).isAlive());
            }
        }
        checkAlive();
        subscriptions.forEach(subscription -> history.add(new Drained(subscription)));
    }

    /**
     * What is wrong with the history, if anything; it is written to a file then.
     *
     * @param file where to
     */
    public List<Violation> check(Path file) throws IOException {
        List<Violation> violations = Checker.check(history.events());
        if (!violations.isEmpty()) {
            history.writeTo(file);
        }
        return violations;
    }

    private void checkAlive() {
        for (Worker worker : threads.keySet()) {
            if (worker.failure() != null) {
                throw new AssertionError(worker.name() + " failed", worker.failure());
            }
        }
    }

    private interface Condition {
        boolean holds();
    }

    private void await(String what, Condition condition) {
        Clock clock = Clock.system();
        long startNs = clock.monotonicNs();
        while (!condition.holds()) {
            checkAlive();
            if (clock.monotonicNs() - startNs > LIMIT.toNanos()) {
                throw stuck(what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Says where everybody is. */
    private AssertionError stuck(String what) {
        AssertionError error = new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
        threads.forEach((worker, thread) -> {
            if (thread.isAlive()) {
                IllegalStateException where =
                        new IllegalStateException(worker.name() + " is here", worker.lastProblem());
                where.setStackTrace(thread.getStackTrace());
                error.addSuppressed(where);
            }
        });
        return error;
    }
}
