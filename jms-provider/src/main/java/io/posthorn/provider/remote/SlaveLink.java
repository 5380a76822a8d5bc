package io.posthorn.provider.remote;

import io.posthorn.net.FrameClient;
import io.posthorn.protocol.api.ConsumerClosedCommand;
import io.posthorn.protocol.api.DeliverCommand;
import io.posthorn.protocol.api.DeliverReferencesCommand;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to the Slave with brokerId 1 of a broker group: opened when something is to be read from it, found through the NameServers. After a failure it
 * is left alone for a while, which grows. Event loop only.
 *
 * <pre>
 * IDLE → OPENING → OPEN      OPENING, OPEN → RESTING → IDLE, after a failure      OPEN → IDLE, when the connection ends      any → CLOSED
 * </pre>
 */
final class SlaveLink {

    private static final Logger LOG = LoggerFactory.getLogger(SlaveLink.class);

    /** Who waits for a message does not wait longer than this for a Slave, in each of the steps that it takes. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration FIRST_REST = Duration.ofSeconds(5);
    private static final int RESTS_MAX = 4;

    private enum State {
        IDLE,
        OPENING,
        OPEN,
        RESTING,
        CLOSED
    }

    private final FrameClient client;
    private final Loop loop;
    private final RemoteConfig config;
    private final NameServerLink names;
    private final ConnectionState connection;

    private State state = State.IDLE;
    private BrokerLink link;
    /** Who waits for it to be opened, in the order of asking. */
    private List<CompletableFuture<BrokerLink>> waiting = new ArrayList<>();

    private int failures;
    private Future<?> rest;

    SlaveLink(Mending.Parts parts, NameServerLink names, ConnectionState connection) {
        this.client = parts.client();
        this.loop = parts.loop();
        this.config = parts.config();
        this.names = names;
        this.connection = connection;
    }

    /** Whether it is worth asking for. */
    boolean mayBeTried() {
        return state != State.RESTING && state != State.CLOSED;
    }

    /** The link, opened if need be; fails when there is none within {@link #PATIENCE}. */
    CompletableFuture<BrokerLink> get() {
        if (state == State.OPEN) {
            return CompletableFuture.completedFuture(link);
        }
        if (!mayBeTried()) {
            return CompletableFuture.failedFuture(Failures.unreachable("the Slave is left alone for a while", null));
        }
        if (state == State.IDLE) {
            // Nothing of it completes before this method has returned.
            state = State.OPENING;
            loop.execute(this::open);
        }
        CompletableFuture<BrokerLink> mine = new CompletableFuture<>();
        Future<?> timer =
                loop.schedule(() -> mine.completeExceptionally(Failures.timedOut("finding the Slave")), PATIENCE);
        waiting.add(mine);
        return mine.whenComplete((opened, failure) -> timer.cancel(false));
    }

    private void open() {
        names.brokers()
                .thenCompose(view -> {
                    String group = connection.brokerName();
                    InetSocketAddress address = view.slaves().get(group);
                    if (address == null) {
                        throw Failures.unreachable("no Slave 1 of " + group + " is registered", null);
                    }
                    return BrokerLink.open(
                            client, loop, config, address, connection.slaveCredentials(), PATIENCE, new Events());
                })
                .whenComplete(this::opened);
    }

    private void opened(BrokerLink opened, Throwable failure) {
        List<CompletableFuture<BrokerLink>> told = waiting;
        waiting = new ArrayList<>();
        if (state == State.CLOSED) {
            if (opened != null) {
                opened.close("the client closes");
            }
            told.forEach(one -> one.completeExceptionally(Failures.closed()));
        } else if (failure == null && opened.isOpen()) {
            state = State.OPEN;
            link = opened;
            LOG.debug("messages are read from the Slave at {}", opened.remoteAddress());
            told.forEach(one -> one.complete(opened));
        } else {
            rest(failure == null ? "it closed the connection at once" : Failures.reason(failure));
            told.forEach(
                    one -> one.completeExceptionally(Failures.unreachable("the Slave cannot be reached", failure)));
        }
    }

    /** It has given what it was asked for. */
    void works(BrokerLink used) {
        if (used == link) {
            failures = 0;
        }
    }

    /** It has not answered, or has refused. */
    void failed(BrokerLink used, Throwable failure) {
        if (used != link || state == State.CLOSED) {
            return;
        }
        rest(Failures.reason(failure));
        used.close("the Slave does not give what it is asked for");
    }

    private void rest(String why) {
        state = State.RESTING;
        link = null;
        Duration time = FIRST_REST.multipliedBy(1L << Math.min(failures++, RESTS_MAX));
        LOG.info(
                "messages of {} are read from its Master for {} s: {}", connection.brokerName(), time.toSeconds(), why);
        rest = loop.schedule(
                () -> {
                    if (state == State.RESTING) {
                        state = State.IDLE;
                    }
                },
                time);
    }

    void close() {
        state = State.CLOSED;
        if (rest != null) {
            rest.cancel(false);
        }
        if (link != null) {
            link.close("the client closes");
            link = null;
        }
    }

    private final class Events implements BrokerLink.Events {

        @Override
        public void delivered(DeliverCommand command) {
            // A Slave has no consumers.
        }

        @Override
        public void referred(DeliverReferencesCommand command) {
            // Likewise.
        }

        @Override
        public void consumerClosed(ConsumerClosedCommand command) {
            // Likewise.
        }

        @Override
        public void endOfBatch() {
            // Answers are handled one by one.
        }

        @Override
        public void lost(BrokerLink lost, String reason) {
            if (lost == link && state == State.OPEN) {
                state = State.IDLE;
                link = null;
            }
        }
    }
}
