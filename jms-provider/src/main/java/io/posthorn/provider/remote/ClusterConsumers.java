package io.posthorn.provider.remote;

import io.posthorn.message.DestinationName;
import io.posthorn.protocol.api.LocateRequest.Mode;
import io.posthorn.protocol.api.SubscriptionTerms;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens consumers at all broker groups that hold their destination, and keeps it so when groups come and go. Any thread opens; all else happens
 * on the event loop.
 */
final class ClusterConsumers implements ClusterConsumer.Owner {

    /** A consumer that has one part waits so long for the others before it is open; they join when they can. */
    private static final Duration OTHERS_WAIT = Duration.ofSeconds(2);

    private final ClusterProvider cluster;
    private final Loop loop;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Set<ClusterConsumer> open = ConcurrentHashMap.newKeySet();

    ClusterConsumers(ClusterProvider cluster, Loop loop) {
        this.cluster = cluster;
        this.loop = loop;
    }

    CompletableFuture<ConsumerHandle> open(ConsumerSpec spec, DeliveryListener listener) {
        ClusterConsumer consumer = new ClusterConsumer(lastId.incrementAndGet(), spec, listener, this);
        FailoverProvider only = cluster.sole();
        if (only == null) {
            return openEverywhere(consumer, Mode.CREATE);
        }
        return new ConsumerPart(consumer, only)
                .open()
                .handle((part, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.<ConsumerHandle>completedFuture(joined(consumer, part));
                    }
                    ProviderException reason = Failures.asProviderException(failure);
                    return reason.kind() == Kind.NOT_PLACED
                            ? cluster.lookAgain(reason).thenCompose(several -> openEverywhere(consumer, Mode.REPAIR))
                            : CompletableFuture.<ConsumerHandle>failedFuture(reason);
                })
                .thenCompose(next -> next);
    }

    private ClusterConsumer joined(ClusterConsumer consumer, ConsumerPart part) {
        open.add(consumer);
        consumer.join(part);
        return consumer;
    }

    private CompletableFuture<ConsumerHandle> openEverywhere(ClusterConsumer consumer, Mode mode) {
        return cluster.locations()
                .find(consumer.spec().destination(), mode)
                .thenCompose(location -> granted(consumer).thenApply(granted -> location))
                .thenCompose(location -> openAt(consumer, location, mode));
    }

    /** Registers the name of a subscription; of a durable one, what it stood for at another topic makes place first. */
    private CompletableFuture<Void> granted(ClusterConsumer consumer) {
        ConsumerSpec spec = consumer.spec();
        boolean shared = spec.kind() == ConsumerSpec.Kind.SHARED_DURABLE;
        if (isHeld(spec)) {
            // Without the directory nobody can be asked: it is held once that is back.
            return cluster.directory().isReachable() ? hold(consumer, true) : CompletableFuture.completedFuture(null);
        }
        if (!shared && spec.kind() != ConsumerSpec.Kind.DURABLE
                || spec.destination().kind().isTemporary()) {
            return CompletableFuture.completedFuture(null);
        }
        SubscriptionTerms terms = terms(spec, shared);
        return cluster.directory().ask(ClusterVerbs.grant(terms)).thenCompose(answer -> {
            if (answer.granted()) {
                return CompletableFuture.completedFuture(null);
            }
            return cluster.unsubscribe(spec.subscriptionName())
                    .thenCompose(gone -> cluster.directory().ask(ClusterVerbs.grant(terms)))
                    .thenApply(again -> null);
        });
    }

    private SubscriptionTerms terms(ConsumerSpec spec, boolean shared) {
        return new SubscriptionTerms(
                cluster.clientId(),
                spec.subscriptionName(),
                spec.destination(),
                spec.selector(),
                !shared && spec.noLocal(),
                shared);
    }

    private static boolean isHeld(ConsumerSpec spec) {
        return spec.kind() == ConsumerSpec.Kind.SHARED
                && !spec.destination().kind().isTemporary();
    }

    /** The name of a shared subscription that is not durable is the consumer's while it is open. */
    private CompletableFuture<Void> hold(ClusterConsumer consumer, boolean held) {
        return cluster.directory().ask(ClusterVerbs.hold(consumer.consumerId(), held, terms(consumer.spec(), true)));
    }

    private CompletableFuture<ConsumerHandle> openAt(ClusterConsumer consumer, Location location, Mode mode) {
        DestinationName destination = consumer.spec().destination();
        if (location.isNowhere()) {
            closed(consumer);
            return CompletableFuture.failedFuture(
                    new ProviderException(Kind.INVALID_DESTINATION, "there is no " + destination));
        }
        Opening opening = new Opening(consumer, location.readable().size());
        for (String group : location.readable()) {
            opening.add(cluster.group(group));
        }
        return opening.outcome
                .handle((done, failure) -> {
                    ProviderException reason = failure == null ? null : Failures.asProviderException(failure);
                    if (reason != null && reason.kind() == Kind.NOT_PLACED && mode != Mode.REPAIR) {
                        return openEverywhere(consumer, Mode.REPAIR);
                    }
                    return reason == null
                            ? CompletableFuture.<ConsumerHandle>completedFuture(consumer)
                            : CompletableFuture.<ConsumerHandle>failedFuture(reason);
                })
                .thenCompose(next -> next);
    }

    /** The first opening of a consumer: it succeeds with the first part, unless one refuses. Event loop. */
    private final class Opening {

        final CompletableFuture<Void> outcome = new CompletableFuture<>();
        private final ClusterConsumer consumer;
        private final boolean needsAll;
        private final List<ConsumerPart> parts = new ArrayList<>();
        private int waiting;
        private ProviderException unreachable;

        Opening(ClusterConsumer consumer, int parts) {
            this.consumer = consumer;
            this.waiting = parts;
            this.needsAll = switch (consumer.spec().kind()) {
                case DURABLE, SHARED_DURABLE -> true;
                default -> false;
            };
        }

        void add(FailoverProvider group) {
            ConsumerPart part = new ConsumerPart(consumer, group);
            part.open().whenComplete((opened, failure) -> loop.execute(() -> ended(part, failure)));
        }

        private void ended(ConsumerPart part, Throwable failure) {
            waiting--;
            if (failure == null) {
                opened(part);
            } else {
                failed(Failures.asProviderException(failure));
            }
        }

        private void opened(ConsumerPart part) {
            if (outcome.isCompletedExceptionally()) {
                part.group().closeConsumer(part.remote(), 0, false);
                return;
            }
            parts.add(part);
            joined(consumer, part);
            if (waiting == 0) {
                outcome.complete(null);
            } else if (parts.size() == 1 && !needsAll) {
                loop.schedule(() -> outcome.complete(null), OTHERS_WAIT);
            }
        }

        private void failed(ProviderException reason) {
            boolean ofTheLink = reason.kind() == Kind.CONNECTION || reason.kind() == Kind.TIMEOUT;
            if (ofTheLink && !needsAll) {
                unreachable = reason;
                if (waiting == 0 && parts.isEmpty()) {
                    give(reason);
                } else if (waiting == 0) {
                    outcome.complete(null);
                }
            } else {
                give(unreachable != null && ofTheLink ? unreachable : reason);
            }
        }

        private void give(ProviderException reason) {
            if (outcome.completeExceptionally(reason)) {
                closed(consumer);
                for (ConsumerPart part : parts) {
                    part.group().closeConsumer(part.remote(), 0, false);
                }
            }
        }
    }

    void closed(ClusterConsumer consumer) {
        open.remove(consumer);
        if (isHeld(consumer.spec()) && cluster.sole() == null) {
            hold(consumer, false);
        }
    }

    /** Groups may hold more of a destination than they did, or can be reached again. */
    void refresh() {
        open.removeIf(ClusterConsumer::isClosed);
        for (ClusterConsumer consumer : open) {
            if (isHeld(consumer.spec()) && cluster.directory().isReachable()) {
                // Perhaps the directory has forgotten it, with the connection or by a restart.
                hold(consumer, true);
            }
            DestinationName destination = consumer.spec().destination();
            if (consumer.spec().kind() == ConsumerSpec.Kind.BROWSE
                    || destination.kind().isTemporary()) {
                continue;
            }
            cluster.locations().find(destination, Mode.LOOK).thenAccept(location -> {
                for (String group : location.readable()) {
                    if (!consumer.isClosed() && !consumer.groups().contains(group)) {
                        join(consumer, group);
                    }
                }
            });
        }
    }

    /** Never fails: it is tried again with the next look. Event loop. */
    private CompletableFuture<Void> join(ClusterConsumer consumer, String group) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        if (!consumer.joining(group)) {
            over.complete(null);
            return over;
        }
        new ConsumerPart(consumer, cluster.group(group))
                .open()
                .whenComplete((part, failure) -> loop.execute(() -> {
                    consumer.joined(group);
                    if (failure == null) {
                        consumer.join(part);
                    }
                    over.complete(null);
                }));
        return over;
    }

    @Override
    public void partClosed(ClusterConsumer consumer, ConsumerPart part, ProviderException reason, boolean last) {
        DestinationName destination = consumer.spec().destination();
        boolean groupLost = reason.kind() == Kind.CONNECTION || reason.kind() == Kind.TIMEOUT;
        if (groupLost || destination.kind().isTemporary() || consumer.spec().kind() == ConsumerSpec.Kind.BROWSE) {
            cluster.locations().forget(destination);
            if (last) {
                end(consumer, reason);
            }
            // Otherwise the group joins again when it is back.
            return;
        }
        cluster.hasSeveral()
                .thenCompose(several -> {
                    cluster.locations().forget(destination);
                    return several
                            ? cluster.locations().find(destination, Mode.LOOK)
                            : CompletableFuture.completedFuture(Location.NOWHERE);
                })
                .exceptionally(failure -> Location.NOWHERE)
                .thenAccept(location -> goOn(consumer, part.group().group(), location, reason));
    }

    /** A group has no more of a consumer's destination: it was moved to others, or deleted. */
    private void goOn(ClusterConsumer consumer, String left, Location location, ProviderException reason) {
        List<String> others = location.readable().stream()
                .filter(group -> !group.equals(left))
                .toList();
        if (others.isEmpty()) {
            end(consumer, reason);
            return;
        }
        List<CompletableFuture<Void>> joined = new ArrayList<>(others.size());
        for (String group : others) {
            if (!consumer.isClosed() && !consumer.groups().contains(group)) {
                joined.add(join(consumer, group));
            }
        }
        CompletableFuture.allOf(joined.toArray(new CompletableFuture<?>[0])).thenRun(() -> {
            if (consumer.isNowhere()) {
                end(consumer, reason);
            }
        });
    }

    private void end(ClusterConsumer consumer, ProviderException reason) {
        closed(consumer);
        consumer.fail(reason);
        consumer.close(0, true);
    }

    @Override
    public int tag(ConsumerPart part) {
        // The tag of the group that was met first is 0, with one group and with several.
        return part.group() == cluster.first() ? 0 : cluster.tag(part.group());
    }
}
