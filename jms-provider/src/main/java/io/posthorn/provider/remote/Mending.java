package io.posthorn.provider.remote;

import io.posthorn.message.DestinationName;
import io.posthorn.net.Backoff;
import io.posthorn.net.FrameClient;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.CloseConsumerRequest;
import io.posthorn.protocol.api.OpenConsumerRequest;
import io.posthorn.protocol.api.OpenConsumerResponse;
import io.posthorn.protocol.api.OutcomeRequest;
import io.posthorn.protocol.api.OutcomeResponse;
import io.posthorn.protocol.api.RestateTemporaryRequest;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a connection to a link: the first one, and after each loss the next one. Event loop only.
 *
 * <p>An attempt asks a NameServer for the Master, logs in there, asks how the commits in doubt ended, opens the consumers again
 * with what the application still holds, and then hands the link to the flows, which repeat in their order what is unanswered.
 * Only then do new calls reach the new link. A failed attempt leaves no trace but a delay.
 */
final class Mending {

    private static final Logger LOG = LoggerFactory.getLogger(Mending.class);

    private static final Duration FIRST_DELAY = Duration.ofMillis(20);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);
    private static final Duration LOGIN_PATIENCE = Duration.ofSeconds(5);
    private static final int LAST_ATTEMPTS = 3;

    /** What becomes of it; one call for each {@link #start}, unless it is stopped. */
    interface Outcome {

        void mended(BrokerLink link);

        /** An attempt has failed; there will be others, or {@link #hopeless} is next. Any number of calls. */
        void delayed(ProviderException reason);

        void hopeless(ProviderException reason);
    }

    private final FrameClient client;
    private final Loop loop;
    private final RemoteConfig config;
    private final RandomGenerator random;
    private final NameServerLink names;
    private final ConnectionState state;
    private final BrokerLink.Events events;
    private final Outcome outcome;
    private final Consumer<ProviderException> problems;
    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

    /** Where the Masters were when a NameServer last told; used when no NameServer can be reached. */
    private ClusterView lastView;

    /** Where it has logged in, or tried to, last. */
    private InetSocketAddress lastMaster;

    /** Counts outages, so that whatever belongs to an earlier one is recognised. */
    private int round;

    private boolean running;
    private int failures;
    private ProviderException lastFailure;
    private Future<?> deadline;

    /** The attempt to come; null while one goes on. */
    private Future<?> next;

    /** How many attempts may still fail before it is hopeless; negative: any number. */
    private int attemptsLeft;

    Mending(
            Parts parts,
            NameServerLink names,
            ConnectionState state,
            BrokerLink.Events events,
            Outcome outcome,
            Consumer<ProviderException> problems) {
        this.client = parts.client();
        this.loop = parts.loop();
        this.config = parts.config();
        this.random = parts.random();
        this.names = names;
        this.state = state;
        this.events = events;
        this.outcome = outcome;
        this.problems = problems;
    }

    /** What every part of a connection shares. */
    record Parts(FrameClient client, Loop loop, RemoteConfig config, RandomGenerator random) {}

    /** One attempt with what a NameServer has told, without a second one. Fails with a {@link ProviderException}. */
    CompletableFuture<BrokerLink> connectOnce(ClusterView view) {
        return CompletableFuture.completedFuture(view)
                .thenCompose(where -> logIn(where, config.requestTimeout()))
                .thenApply(link -> {
                    state.loggedIn(link);
                    state.attach(link);
                    return link;
                });
    }

    /** Tries until it succeeds, or until failoverTimeout is over. */
    void start() {
        running = true;
        attemptsLeft = -1;
        failures = 0;
        lastFailure = null;
        int begun = ++round;
        if (!config.failsOverForEver()) {
            deadline = loop.schedule(() -> giveUp(begun), config.failoverTimeout());
        }
        attempt(begun);
    }

    /** No further attempts. */
    void stop() {
        running = false;
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (next != null) {
            next.cancel(false);
        }
    }

    /** A few quick attempts more, the first at once if none goes on already; after this time it is hopeless in any case. */
    void finish(Duration patience) {
        attemptsLeft = LAST_ATTEMPTS;
        failures = 0;
        int begun = round;
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = loop.schedule(() -> giveUp(begun), patience);
        if (next != null && next.cancel(false)) {
            attempt(begun);
        }
    }

    /** Takes over what a NameServer tells between outages. */
    void remember(ClusterView view) {
        lastView = view;
    }

    /** The address of the last login; null before the first. */
    InetSocketAddress master() {
        return lastMaster;
    }

    private void attempt(int begun) {
        next = null;
        if (!isCurrent(begun)) {
            return;
        }
        names.cluster()
                .handle((view, failure) -> {
                    if (failure == null) {
                        return view;
                    }
                    LOG.debug("looking for {}: {}", state.brokerName(), Failures.reason(failure));
                    if (lastView == null) {
                        throw Failures.asProviderException(failure);
                    }
                    return lastView;
                })
                .thenCompose(view -> logIn(view, patience()))
                .thenCompose(this::restore)
                .whenComplete((link, failure) -> {
                    if (failure == null) {
                        succeeded(begun, link);
                    } else {
                        failed(begun, Failures.asProviderException(failure));
                    }
                });
    }

    private void succeeded(int begun, BrokerLink link) {
        if (!isCurrent(begun)) {
            link.close("the connection was given up meanwhile");
            return;
        }
        if (!link.isOpen()) {
            failed(begun, Failures.unreachable("the link to the broker broke at once", null));
            return;
        }
        stop();
        state.attach(link);
        outcome.mended(link);
    }

    private void failed(int begun, ProviderException failure) {
        if (!isCurrent(begun)) {
            return;
        }
        lastFailure = failure;
        outcome.delayed(failure);
        LOG.debug("attempt {} to reach {} failed: {}", failures + 1, state.brokerName(), failure.getMessage());
        if (--attemptsLeft == 0 || failure.kind() == Kind.SECURITY) {
            stop();
            outcome.hopeless(failure);
            return;
        }
        // Also a client id in use is tried again: it may be our own, until the broker has noticed the loss.
        next = loop.schedule(() -> attempt(begun), Duration.ofMillis(backoff.delayMs(failures++, random)));
    }

    private void giveUp(int begun) {
        if (isCurrent(begun)) {
            stop();
            String last = lastFailure == null ? "no answer" : lastFailure.getMessage();
            outcome.hopeless(Failures.unreachable(
                    "the connection was lost and not restored within "
                            + config.failoverTimeout().toMillis() + " ms: " + last,
                    lastFailure));
        }
    }

    private boolean isCurrent(int begun) {
        return running && begun == round;
    }

    /** A Master that was stopped without dying takes connections and does not answer: there may be another one soon. */
    private Duration patience() {
        return config.requestTimeout().compareTo(LOGIN_PATIENCE) < 0 ? config.requestTimeout() : LOGIN_PATIENCE;
    }

    private CompletableFuture<BrokerLink> logIn(ClusterView view, Duration loginTimeout) {
        lastView = view;
        // It stays with the group that holds its state.
        String home = state.brokerName();
        InetSocketAddress master = view.masters().get(home);
        if (master == null) {
            throw Failures.unreachable("no Master of " + home + " is registered at the NameServer", null);
        }
        lastMaster = master;
        return BrokerLink.open(client, loop, config, master, state.credentials(), loginTimeout, events);
    }

    private CompletableFuture<BrokerLink> restore(BrokerLink link) {
        state.loggedIn(link);
        return resolve(link, state.inDoubt().iterator())
                .thenCompose(
                        done -> restate(link, List.copyOf(state.temporaries()).iterator()))
                .thenCompose(done -> reopen(link, state.consumers().toReopen().iterator()))
                .handle((done, failure) -> {
                    if (failure != null) {
                        link.close("the connection could not be restored: " + Failures.reason(failure));
                        throw Failures.asProviderException(failure);
                    }
                    return link;
                });
    }

    /** Asks how commits ended, one after the other: each session has at most one. */
    private CompletableFuture<Void> resolve(BrokerLink link, Iterator<TransactionEnd> inDoubt) {
        if (!inDoubt.hasNext()) {
            return CompletableFuture.completedFuture(null);
        }
        TransactionEnd end = inDoubt.next();
        OutcomeRequest question = end.outcomeRequest();
        return link.call(
                        "the question how a transaction ended",
                        RequestCode.OUTCOME,
                        question::encode,
                        OutcomeResponse::decode)
                .handle((answer, failure) -> {
                    if (failure == null) {
                        end.resolved(answer.committed());
                    } else if (isOfTheLink(failure)) {
                        throw Failures.asProviderException(failure);
                    } else {
                        end.unresolved(Failures.asProviderException(failure));
                    }
                    return null;
                })
                .thenCompose(done -> resolve(link, inDoubt));
    }

    /** Makes temporary destinations exist again where they are not known any more, one after the other. */
    private CompletableFuture<Void> restate(BrokerLink link, Iterator<DestinationName> temporaries) {
        if (!temporaries.hasNext()) {
            return CompletableFuture.completedFuture(null);
        }
        RestateTemporaryRequest request = new RestateTemporaryRequest(temporaries.next());
        return link.call("restating " + request.name(), RequestCode.RESTATE_TEMPORARY, request::encode, none -> null)
                .handle((done, failure) -> {
                    if (failure != null && isOfTheLink(failure)) {
                        throw Failures.asProviderException(failure);
                    }
                    if (failure != null) {
                        // Who uses it will be told.
                        LOG.warn("{} is gone: {}", request.name(), Failures.reason(failure));
                    }
                    return null;
                })
                .thenCompose(done -> restate(link, temporaries));
    }

    /** Opens consumers again, one after the other. */
    private CompletableFuture<Void> reopen(BrokerLink link, Iterator<RemoteConsumer> consumers) {
        if (!consumers.hasNext()) {
            return CompletableFuture.completedFuture(null);
        }
        RemoteConsumer consumer = consumers.next();
        OpenConsumerRequest request = consumer.openRequest();
        return link.call(
                        "opening a consumer of " + request.destination() + " again",
                        RequestCode.OPEN_CONSUMER,
                        request::encode,
                        OpenConsumerResponse::decode)
                .handle((answer, failure) -> {
                    if (failure == null) {
                        consumer.ledger().refused(answer.refused(), answer.settled());
                        return true;
                    }
                    if (isOfTheLink(failure)) {
                        throw Failures.asProviderException(failure);
                    }
                    ProviderException reason = Failures.asProviderException(failure);
                    consumer.notReopened(reason);
                    problems.accept(reason);
                    return false;
                })
                .thenCompose(open -> open && consumer.state() == RemoteConsumer.State.KEEPING
                        ? closeAgain(link, consumer)
                        : CompletableFuture.completedFuture(null))
                .thenCompose(done -> reopen(link, consumers));
    }

    private static CompletableFuture<Void> closeAgain(BrokerLink link, RemoteConsumer consumer) {
        long all = consumer.ledger().wireLimit(consumer.ledger().last());
        CloseConsumerRequest request = new CloseConsumerRequest(consumer.consumerId(), all, true);
        return link.call("closing a consumer again", RequestCode.CLOSE_CONSUMER, request::encode, none -> null);
    }

    private static boolean isOfTheLink(Throwable failure) {
        return Failures.kindIs(failure, Kind.CONNECTION) || Failures.kindIs(failure, Kind.TIMEOUT);
    }
}
