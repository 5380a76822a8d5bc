package io.posthorn.server.broker.registration;

import io.posthorn.net.FrameClient;
import io.posthorn.server.route.TopicConfig;
import io.posthorn.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one broker registered with every NameServer of a list: at once, after each change of its topics (changes within
 * 10 ms go together, and only what is new is sent), and in full at an interval as a sign of life. Owns one thread and the
 * connections. NameServers may be away at the start and come and go later; each is registered with as soon as it is there.
 *
 * <p>Failures are logged and repeated, never thrown: a broker serves its clients without NameServers too.
 */
public final class BrokerRegistration implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerRegistration.class);
    private static final long COALESCE_MS = 10;
    private static final long CLOSE_TIMEOUT_MS = 3_000;

    private final RegistrationConfig config;
    private final Supplier<BrokerTopics> topics;
    private final Clock clock;
    private final List<TopicConfig> systemTopics;
    private final FrameClient client;
    private final ScheduledExecutorService thread;
    private final List<NameServerLink> links;
    private final AtomicBoolean changePending = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch anywhere = new CountDownLatch(1);

    /** Only touched on the registration's thread. */
    private Announcement announcement = Announcement.NOTHING;

    /** @param topics gives what the broker serves now; called on this registration's thread, must not block */
    public BrokerRegistration(RegistrationConfig config, Supplier<BrokerTopics> topics, Clock clock) {
        this.config = config;
        this.topics = topics;
        this.clock = clock;
        this.systemTopics = SystemTopics.of(config.broker(), config.autoCreateTopics());
        this.client = new FrameClient(config.net());
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "posthorn-registration"));
        RandomGenerator random = RandomGenerator.getDefault();
        this.links = config.nameServers().stream()
                .map(address ->
                        new NameServerLink(address, config.broker(), client, thread, random, anywhere::countDown))
                .toList();
    }

    /** Starts connecting; does not wait. To be called once. */
    public void start() {
        thread.execute(() -> {
            announce(true);
            links.forEach(NameServerLink::start);
        });
        long periodMs = config.interval().toMillis();
        thread.scheduleWithFixedDelay(() -> announce(true), periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    /** Waits until some NameServer has confirmed a registration for the first time; returns whether one has. */
    public boolean awaitRegistered(long timeoutMs) throws InterruptedException {
        return anywhere.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** Says that the topics may have changed. Any thread, any number of times; returns at once. */
    public void changed() {
        if (changePending.compareAndSet(false, true)) {
            try {
                thread.schedule(
                        () -> {
                            changePending.set(false);
                            announce(false);
                        },
                        COALESCE_MS,
                        TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("a change after the end of the registration is of no interest");
            }
        }
    }

    /** With how many NameServers the broker is registered now, on a connection that stands. Any thread. */
    public int registeredWith() {
        int count = 0;
        for (NameServerLink link : links) {
            if (link.isRegistered()) {
                count++;
            }
        }
        return count;
    }

    /** A Slave's Master, {@code ip:port}, as the NameServers told it last; null for a Master, or while there is none. */
    public String masterAddress() {
        for (NameServerLink link : links) {
            String address = link.masterAddress();
            if (address != null && link.isRegistered()) {
                return address;
            }
        }
        return null;
    }

    /** Unregisters everywhere (for at most 3 s) and closes the connections; a second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            CompletableFuture<?>[] goodbyes = CompletableFuture.supplyAsync(this::closeLinks, thread)
                    .get(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            CompletableFuture.allOf(goodbyes).get(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.info("not unregistered everywhere: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            client.close();
            thread.shutdownNow();
        }
    }

    private CompletableFuture<?>[] closeLinks() {
        return links.stream().map(NameServerLink::close).toArray(CompletableFuture<?>[]::new);
    }

    private void announce(boolean full) {
        try {
            refresh();
            links.forEach(link -> link.announce(announcement, full));
        } catch (RuntimeException e) {
            // The edge of a loop: an exception would end the periodic registration for good.
            LOG.error("{}: cannot announce its topics", config.broker(), e);
        }
    }

    private void refresh() {
        announcement = announcement.next(systemTopics, topics.get(), clock.wallMs());
    }
}
