package io.posthorn.provider.remote;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.api.GroupsResponse;
import io.posthorn.protocol.api.LocateRequest.Mode;
import io.posthorn.provider.BranchReply;
import io.posthorn.provider.Branches;
import io.posthorn.provider.CommittedPage;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.LargeBodies;
import io.posthorn.provider.Login;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.ProviderListener;
import io.posthorn.provider.SendCallback;
import io.posthorn.provider.Settle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JMS connection to a cluster: a {@link FailoverProvider} for each broker group that it has to do with, all on one event loop. Where a destination lies it
 * learns from the directory.
 *
 * <p>As long as the cluster has one group, everything goes straight to that. It looks every 30 s, and when a broker says that a destination
 * lies elsewhere, whether there are more.
 */
final class ClusterProvider implements Provider {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterProvider.class);

    /** How often a NameServer is asked where the Masters are: keeps that connection warm, too. */
    private static final Duration REFRESH = Duration.ofSeconds(30);

    private static final Duration CLAIM_PAUSE = Duration.ofMillis(500);
    private static final int CLAIMS_MAX = 40;

    private final Mending.Parts parts;
    private final Loop loop;
    private final RandomGenerator random;
    private final ProviderListener listener;
    private final NameServerLink names;
    private final GroupTable groups;
    private final Locations locations;
    private final ClusterSends sends;
    private final ClusterConsumers consumers;
    private final ClusterBranches branches;
    private final ClusterLargeBodies largeBodies;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile FailoverProvider first;
    /** The only group; null once there are several. */
    private volatile FailoverProvider sole;
    /** Name of the directory; null while it is not needed. */
    private volatile String directory;

    // Event loop only.
    private Future<?> nextRefresh;
    private boolean closing;

    ClusterProvider(Mending.Parts parts, Login login, ProviderListener listener) {
        this.parts = parts;
        this.loop = parts.loop();
        this.random = parts.random();
        this.listener = listener;
        this.names = new NameServerLink(parts.client(), parts.config(), parts.random());
        this.groups = new GroupTable(parts, names, login, listener, new GroupEvents());
        this.locations = new Locations(loop, names, this::directory);
        this.sends = new ClusterSends(this, loop);
        this.consumers = new ClusterConsumers(this, loop);
        this.branches = new ClusterBranches(this);
        this.largeBodies = new ClusterLargeBodies(this);
    }

    // ---- connecting

    /** Connects and logs in; on failure everything is closed before the future fails. */
    CompletableFuture<Provider> connect() {
        CompletableFuture<Provider> connected = new CompletableFuture<>();
        loop.execute(() -> names.cluster()
                .thenCompose(view -> connectFirst(view, view.masters().keySet().iterator(), null))
                .thenCompose(this::joinCluster)
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        scheduleRefresh();
                        connected.complete(this);
                    } else {
                        close();
                        closed.whenComplete((gone, never) ->
                                connected.completeExceptionally(Failures.asProviderException(failure)));
                    }
                }));
        return connected;
    }

    /** Any group will do: what the connection needs at others it finds out from it. */
    private CompletableFuture<FailoverProvider> connectFirst(
            ClusterView view, Iterator<String> candidates, Throwable before) {
        String group = candidates.next();
        return groups.connect(group, view)
                .handle((provider, failure) -> {
                    if (failure == null) {
                        first = provider;
                        return CompletableFuture.completedFuture(provider);
                    }
                    Throwable reason = before == null ? failure : before;
                    boolean others = candidates.hasNext()
                            && (Failures.kindIs(failure, Kind.CONNECTION) || Failures.kindIs(failure, Kind.TIMEOUT));
                    return others
                            ? connectFirst(view, candidates, reason)
                            : CompletableFuture.<FailoverProvider>failedFuture(reason);
                })
                .thenCompose(next -> next);
    }

    private CompletableFuture<Void> joinCluster(FailoverProvider provider) {
        sole = provider;
        if (groups.view().of(provider.clusterName()).masters().size() == 1) {
            return CompletableFuture.completedFuture(null);
        }
        return becomeSeveral(provider).thenCompose(several -> several ? claimAtDirectory() : done());
    }

    private static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    /** Asks who the directory is. @return whether there is one: without it, one group is all there is for this connection */
    private CompletableFuture<Boolean> becomeSeveral(FailoverProvider asked) {
        return asked.ask(ClusterVerbs.groups()).handle((answer, failure) -> {
            String named = failure == null ? answer.directory() : "";
            if (named.isEmpty()) {
                return false;
            }
            directory = named;
            if (sole != null) {
                LOG.debug("the cluster has several broker groups, {} is the directory", named);
                sole = null;
            }
            return true;
        });
    }

    /** A client id is the directory's to give away; the group that was met first has got the login with it by chance. */
    private CompletableFuture<Void> claimAtDirectory() {
        if (groups.clientId() == null || first.group().equals(directory)) {
            return done();
        }
        return groups.connect(directory, groups.view()).handle((provider, failure) -> {
            if (failure != null) {
                ProviderException reason = Failures.asProviderException(failure);
                throw reason.kind() == Kind.CONNECTION || reason.kind() == Kind.TIMEOUT
                        ? new ProviderException(
                                Kind.CONNECTION,
                                "the client id '" + groups.clientId()
                                        + "' cannot be claimed, for the directory, broker group " + directory
                                        + ", cannot be reached: " + reason.getMessage(),
                                reason)
                        : reason;
            }
            return null;
        });
    }

    private void scheduleRefresh() {
        if (!closing) {
            nextRefresh = loop.schedule(this::refresh, REFRESH);
        }
    }

    private void refresh() {
        if (closing) {
            return;
        }
        look().whenComplete((looked, failure) -> scheduleRefresh());
    }

    /** Asks the NameServer and the directory what is new; event loop. Never fails. */
    private CompletableFuture<Void> look() {
        CompletableFuture<Boolean> seen = sole != null
                ? hasSeveral()
                : names.cluster().thenApply(view -> {
                    groups.remember(view);
                    return true;
                });
        return seen.handle((several, failure) -> null)
                .thenCompose(looked -> sole == null ? locations.refresh() : CompletableFuture.completedFuture(false))
                .thenAccept(changed -> {
                    if (sole == null) {
                        consumers.refresh();
                    }
                });
    }

    /** A broker says that a destination lies elsewhere. @return fails with what it said if there is nobody else to ask */
    CompletableFuture<Void> lookAgain(ProviderException refusal) {
        FailoverProvider only = sole;
        if (only == null) {
            return done();
        }
        CompletableFuture<Void> looked = new CompletableFuture<>();
        loop.execute(() -> names.cluster()
                .thenAccept(groups::remember)
                .handle((view, failure) -> null)
                .thenCompose(view -> becomeSeveral(only))
                .whenComplete((several, failure) -> {
                    if (failure == null && several) {
                        looked.complete(null);
                    } else {
                        looked.completeExceptionally(refusal);
                    }
                }));
        return looked;
    }

    /** Looks whether the cluster has several groups, and somebody who knows what lies where. Event loop. */
    CompletableFuture<Boolean> hasSeveral() {
        FailoverProvider only = sole;
        if (only == null) {
            return CompletableFuture.completedFuture(true);
        }
        return names.cluster().thenCompose(view -> {
            groups.remember(view);
            return view.of(only.clusterName()).masters().size() > 1
                    ? becomeSeveral(only)
                    : CompletableFuture.completedFuture(false);
        });
    }

    // ---- the groups

    /** The only group, or null. */
    FailoverProvider sole() {
        return sole;
    }

    /** The group that was met first; made anew if it was lost. */
    FailoverProvider first() {
        FailoverProvider only = sole;
        return only != null ? only : groups.of(first.group());
    }

    FailoverProvider group(String name) {
        return groups.of(name);
    }

    FailoverProvider directory() {
        return groups.of(directory);
    }

    Locations locations() {
        return locations;
    }

    String clientId() {
        return groups.clientId();
    }

    int tag(FailoverProvider group) {
        return groups.tag(group.group());
    }

    /** @param tag 0 for the group that was met first */
    FailoverProvider tagged(int tag) {
        return tag == 0 ? first() : groups.of(groups.tagged(tag));
    }

    /** All groups of the cluster that are registered now, and those that this connection has met. */
    List<FailoverProvider> everyGroup() {
        for (String name : groups.view().of(first.clusterName()).masters().keySet()) {
            groups.of(name);
        }
        return groups.all();
    }

    /** Name of the cluster and of the group that stands for it, and where the Master of that was last: other clusters may have the same names. */
    String resourceId() {
        String group = sole != null ? first.group() : directory;
        return first.clusterName() + "/" + group + "@" + groups.view().masters().get(group);
    }

    /** What the directory knows of the groups. */
    CompletableFuture<GroupsResponse> groupsKnown() {
        return directory().ask(ClusterVerbs.groups());
    }

    private final class GroupEvents implements GroupTable.Events {

        @Override
        public boolean lost(FailoverProvider group, ProviderException reason) {
            if (sole == group) {
                return false;
            }
            LOG.warn("broker group {} is lost: {}", group.group(), reason.getMessage());
            return groups.all().stream().anyMatch(other -> other != group && other.isConnected());
        }

        @Override
        public void restored(FailoverProvider group) {
            if (sole == null) {
                look();
            }
        }
    }

    // ---- the port

    @Override
    public CompletableFuture<Void> claimClientId(String clientId) {
        FailoverProvider only = sole;
        FailoverProvider judge = only != null ? only : directory();
        return judge.claimClientId(clientId).thenCompose(claimed -> {
            groups.clientId(clientId);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (FailoverProvider group : groups.all()) {
                if (group != judge) {
                    all.add(claim(group, clientId, 1));
                }
            }
            return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
        });
    }

    /** The directory has given it away: another group may only be late in noticing that its last owner is gone. */
    private CompletableFuture<Void> claim(FailoverProvider group, String clientId, int attempt) {
        return group.claimClientId(clientId)
                .handle((done, failure) -> {
                    if (failure != null && Failures.kindIs(failure, Kind.INVALID_CLIENT_ID) && attempt < CLAIMS_MAX) {
                        CompletableFuture<Void> later = new CompletableFuture<>();
                        loop.schedule(() -> later.complete(null), CLAIM_PAUSE);
                        return later.thenCompose(again -> claim(group, clientId, attempt + 1));
                    }
                    return failure == null ? done() : CompletableFuture.<Void>failedFuture(failure);
                })
                .thenCompose(next -> next);
    }

    @Override
    public ProducerHandle openProducer() {
        return new ClusterProducer(first(), sends::elsewhere);
    }

    @Override
    public void send(ProducerHandle producer, EncodedMessage message, boolean transacted, SendCallback callback) {
        sends.send((ClusterProducer) producer, message, transacted, callback);
    }

    /** The group that a message is sent to; waits until it is found. */
    FailoverProvider target(ClusterProducer producer, EncodedMessage message) {
        return sends.target(producer, message);
    }

    @Override
    public CompletableFuture<ConsumerHandle> openConsumer(ConsumerSpec spec, DeliveryListener deliveries) {
        return consumers.open(spec, deliveries);
    }

    @Override
    public void credit(ConsumerHandle consumer, long limit, int windowMaxBytes) {
        ((ClusterConsumer) consumer).credit(limit, windowMaxBytes);
    }

    @Override
    public CompletableFuture<Boolean> drain(ConsumerHandle consumer, long limit) {
        return ((ClusterConsumer) consumer).drain(limit);
    }

    @Override
    public void handOver(ConsumerHandle consumer, long deliveryIdTo) {
        ((ClusterConsumer) consumer).handOver(deliveryIdTo);
    }

    @Override
    public void accept(ConsumerHandle consumer, long from, long to, long handOverTo) {
        ((ClusterConsumer) consumer).accept(from, to, handOverTo);
    }

    @Override
    public void acceptLast(ConsumerHandle consumer, long from, long to) {
        ((ClusterConsumer) consumer).acceptLast(from, to);
    }

    @Override
    public CompletableFuture<Void> acknowledge(Settle settle, List<DeliverySpan> spans, boolean await) {
        FailoverProvider only = sole;
        if (only != null) {
            return only.acknowledge(settle, spans, await);
        }
        SpansByGroup split = SpansByGroup.of(spans);
        return all(split.groups().stream()
                .map(group -> group.acknowledge(settle, split.at(group), await))
                .toList());
    }

    private static CompletableFuture<Void> all(List<CompletableFuture<Void>> futures) {
        return futures.size() == 1
                ? futures.get(0)
                : CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]));
    }

    @Override
    public CompletableFuture<Void> commit(ProducerHandle producer, List<DeliverySpan> consumed) {
        FailoverProvider only = sole;
        ClusterProducer session = (ClusterProducer) producer;
        if (only != null) {
            return only.commit(session.home(), consumed);
        }
        SpansByGroup split = SpansByGroup.of(consumed);
        List<FailoverProvider> touched = touched(session, split);
        if (touched.isEmpty()) {
            return done();
        }
        if (touched.size() == 1) {
            FailoverProvider group = touched.get(0);
            return group.commit(session.at(group), split.at(group));
        }
        LocalWork work = new LocalWork(session, split);
        return groupCommit(work, touched.get(0), touched.subList(1, touched.size()))
                .thenApply(committed -> null);
    }

    /** @see GroupCommit#run */
    CompletableFuture<BranchReply> groupCommit(
            GroupCommit.Work work, FailoverProvider coordinator, List<FailoverProvider> others) {
        return new GroupCommit(work, coordinator, others, random).run();
    }

    /** The groups that a transaction has touched. */
    private List<FailoverProvider> touched(ClusterProducer session, SpansByGroup consumed) {
        List<FailoverProvider> touched = session.touched();
        for (FailoverProvider group : consumed.groups()) {
            if (!touched.contains(group)) {
                touched.add(group);
            }
        }
        return touched;
    }

    @Override
    public CompletableFuture<Void> rollback(ProducerHandle producer, List<DeliverySpan> consumed) {
        FailoverProvider only = sole;
        ClusterProducer session = (ClusterProducer) producer;
        if (only != null) {
            return only.rollback(session.home(), consumed);
        }
        SpansByGroup split = SpansByGroup.of(consumed);
        return all(touched(session, split).stream()
                .map(group -> group.rollback(session.at(group), split.at(group)))
                .toList());
    }

    @Override
    public Branches branches() {
        return branches;
    }

    @Override
    public LargeBodies largeBodies() {
        return largeBodies;
    }

    @Override
    public CompletableFuture<CommittedPage> browseCommitted(
            DestinationName queue, CommittedPage after, int messagesMax, int bytesMax) {
        FailoverProvider only = sole;
        Location location = only != null ? null : locations.known(queue);
        if (only == null && (location == null || location.readable().size() != 1)) {
            // Its parts at other groups would be missing.
            return CompletableFuture.failedFuture(new ProviderException(
                    Kind.ILLEGAL_STATE, "only a queue on a single, known broker group is browsed at a Slave"));
        }
        FailoverProvider group =
                only != null ? only : groups.of(location.readable().get(0));
        return group.browseCommitted(queue, after, messagesMax, bytesMax);
    }

    @Override
    public CompletableFuture<Void> closeConsumer(ConsumerHandle handle, long handedOverTo, boolean keepUnsettled) {
        ClusterConsumer consumer = (ClusterConsumer) handle;
        consumers.closed(consumer);
        return consumer.close(handedOverTo, keepUnsettled);
    }

    @Override
    public void closeProducer(ProducerHandle producer) {
        ((ClusterProducer) producer).close();
    }

    @Override
    public CompletableFuture<Void> unsubscribe(String name) {
        FailoverProvider only = sole;
        if (only != null) {
            return only.unsubscribe(name).handle((done, failure) -> failure).thenCompose(failure -> {
                if (failure != null && sole == null && Failures.kindIs(failure, Kind.UNKNOWN_SUBSCRIPTION)) {
                    return unsubscribe(name);
                }
                return failure == null ? done() : CompletableFuture.failedFuture(failure);
            });
        }
        return directory()
                .ask(ClusterVerbs.find(groups.clientId(), name))
                .thenCompose(answer -> answer.topics().isEmpty()
                        ? CompletableFuture.completedFuture(everyGroup())
                        : locations
                                .find(answer.topics().get(0), Mode.LOOK)
                                .thenApply(location -> location.readable().stream()
                                        .map(groups::of)
                                        .toList()))
                .thenCompose(where -> unsubscribe(name, where));
    }

    /** It is gone when no group has it any more; unknown when none had it. */
    private CompletableFuture<Void> unsubscribe(String name, List<FailoverProvider> where) {
        List<CompletableFuture<Throwable>> answers = new ArrayList<>();
        for (FailoverProvider group : where) {
            answers.add(group.unsubscribe(name).handle((done, failure) -> failure));
        }
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenCompose(all -> {
                    Throwable unknown = null;
                    boolean gone = false;
                    for (CompletableFuture<Throwable> answer : answers) {
                        Throwable failure = answer.join();
                        if (failure != null && !Failures.kindIs(failure, Kind.UNKNOWN_SUBSCRIPTION)) {
                            return CompletableFuture.failedFuture(failure);
                        }
                        gone |= failure == null;
                        unknown = failure == null ? unknown : failure;
                    }
                    CompletableFuture<Void> released = directory().ask(ClusterVerbs.release(groups.clientId(), name));
                    return gone || unknown == null ? released : CompletableFuture.failedFuture(unknown);
                });
    }

    @Override
    public CompletableFuture<DestinationName> createTemporary(boolean queue) {
        return first().createTemporary(queue);
    }

    @Override
    public CompletableFuture<Void> deleteTemporary(DestinationName name) {
        FailoverProvider only = sole;
        Location location = only != null ? null : locations.known(name);
        return location == null || location.isNowhere()
                ? first().deleteTemporary(name)
                : groups.of(location.readable().get(0)).deleteTemporary(name);
    }

    // ---- the end

    @Override
    public CompletableFuture<Void> close() {
        loop.execute(() -> {
            if (closing) {
                return;
            }
            closing = true;
            if (nextRefresh != null) {
                nextRefresh.cancel(false);
            }
            groups.close().whenComplete((done, failure) -> startCloser());
        });
        return closed;
    }

    /** Told once everything is gone. */
    void whenClosed(Runnable task) {
        closed.thenRun(task);
    }

    /** In a thread of its own: the event loop cannot wait for its own end. */
    private void startCloser() {
        names.close();
        Thread closer = new Thread(
                () -> {
                    parts.client().close();
                    closed.complete(null);
                },
                "posthorn-client-close");
        closer.setDaemon(true);
        closer.start();
    }
}
