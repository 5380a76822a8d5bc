package io.posthorn.server.cluster;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.provider.ProviderException;
import io.posthorn.server.queue.CoordinationVerbs;
import io.posthorn.server.queue.DestinationReport;
import io.posthorn.server.queue.Located;
import io.posthorn.server.queue.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that takes other broker groups: the rounds in which a broker looks who is there, and what the directory is asked for. All on one thread,
 * in order; each question to another group has a time limit. The public methods may be called by any thread, and their futures fail with a {@link
 * RefusedException}.
 */
public final class ClusterWork implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterWork.class);

    private static final long ROUND_MS = 2_000;

    /** A branch that waits so long for its decision has probably lost its client. */
    private static final long DOUBT_MS = 5_000;

    private final OwnHeart heart;
    private final DirectoryRole role;
    private final PeerLinks links;
    private final Placing placing;
    private final Overview overview;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "posthorn-cluster");
        created.setDaemon(true);
        return created;
    });

    private boolean lookFailed;

    public ClusterWork(PeerConfig config, DirectoryRole role, OwnHeart heart) {
        this.heart = heart;
        this.role = role;
        this.links = new PeerLinks(config);
        this.placing = new Placing(config.brokerName(), heart, role, links);
        this.overview = new Overview(config.brokerName(), heart, role, links);
    }

    /** How the broker's registration stands. */
    public interface Registration {

        /** Waits until it is registered with a NameServer; returns whether it is. */
        boolean await(long timeoutMs) throws InterruptedException;
    }

    /** Begins with the rounds, as soon as the broker is registered: who looked before would not see who looks as well. */
    public void start(Registration registration) {
        thread.scheduleWithFixedDelay(() -> round(registration), 0, ROUND_MS, TimeUnit.MILLISECONDS);
    }

    private void round(Registration registration) {
        try {
            if (!registration.await(ROUND_MS)) {
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            role.seen(links.look());
            lookFailed = false;
        } catch (ProviderException failed) {
            if (!lookFailed) {
                LOG.warn("cannot see which broker groups there are: {}", failed.getMessage());
            }
            lookFailed = true;
        }
        try {
            if (role.isHere() && role.groups().size() > 1) {
                placing.round();
            }
            resolve();
        } catch (RefusedException | ProviderException failed) {
            LOG.debug("a round over the broker groups ended early: {}", failed.getMessage());
        } catch (RuntimeException unexpected) {
            // The edge of the thread: the next round is another chance.
            LOG.error("a round over the broker groups failed", unexpected);
        }
    }

    /** Asks coordinators how the transactions ended whose clients do not say so, and carries that out. */
    private void resolve() {
        List<BranchId> inDoubt = now(heart.carryOut((own, now) -> inDoubt(own.coordination(), now)));
        for (BranchId branch : inDoubt) {
            try {
                switch (links.ask(branch.coordinator(), peer -> peer.decision(branch))) {
                    case COMMITTED -> {
                        now(heart.carryOut((own, now) -> own.branches().commit(branch, false, true, NO_WORK, now)));
                        LOG.info("committed the branch {} that its coordinator had decided on", branch);
                        links.ask(branch.coordinator(), peer -> {
                            peer.confirm(branch, placing.self());
                            return null;
                        });
                    }
                    case ROLLED_BACK -> {
                        now(heart.carryOut((own, now) -> own.branches().rollback(branch, true, now)));
                        LOG.info("rolled back the branch {}, which its coordinator does not know", branch);
                    }
                    case OPEN -> LOG.debug("the branch {} is not decided yet", branch);
                }
            } catch (ProviderException unreachable) {
                LOG.info("the branch {} stays in doubt: {}", branch, unreachable.getMessage());
            }
        }
    }

    private static final io.posthorn.server.queue.BranchVerbs.TransactionNumber NO_WORK =
            new io.posthorn.server.queue.BranchVerbs.TransactionNumber(0, 0);

    private static Outcome<List<BranchId>> inDoubt(CoordinationVerbs coordination, long now) {
        return Outcome.of(coordination.inDoubt(now - DOUBT_MS));
    }

    /** Directory: places what lies nowhere. @param repair whether the groups are told again */
    public CompletableFuture<List<Located>> locate(List<DestinationName> names, boolean repair) {
        return submit(() -> {
            List<Located> all = new ArrayList<>(names.size());
            for (DestinationName name : names) {
                all.add(placing.place(name, Map.of(), true, repair));
            }
            return all;
        });
    }

    /** Directory: creates a destination for an operator. */
    public CompletableFuture<Void> create(DestinationName name, Map<String, String> settings) {
        return submit(() -> {
            placing.place(name, settings, false, false);
            return null;
        });
    }

    /** Directory: changes settings at all groups that hold a destination. */
    public CompletableFuture<Void> set(DestinationName name, Map<String, String> settings) {
        return submit(() -> {
            placing.set(name, settings);
            return null;
        });
    }

    /** Directory: deletes a destination at all groups that hold it. */
    public CompletableFuture<Void> delete(DestinationName name, boolean force) {
        return submit(() -> {
            placing.delete(name, force);
            return null;
        });
    }

    /** Directory: what all groups hold, some after others. @param skip so many were told before */
    public CompletableFuture<List<DestinationReport>> destinations(int skip) {
        return submit(() -> overview.list(skip));
    }

    /** Directory: a destination at all groups that hold it. */
    public CompletableFuture<List<DestinationReport>> destination(DestinationName name) {
        return submit(() -> List.of(overview.show(name)));
    }

    /** Directory: has a group emptied, or not any more. */
    public CompletableFuture<Void> drain(String group, boolean drain) {
        return submit(() -> {
            placing.drain(group, drain);
            return null;
        });
    }

    /** Directory: the groups that are known, by name. */
    public CompletableFuture<List<GroupStatus>> groups() {
        return submit(placing::groups);
    }

    /**
     * A broker group, as the directory has seen it last.
     *
     * @param reachable whether it has answered the last question
     */
    public record GroupStatus(String group, boolean reachable, int destinations, long messages, long bytes) {}

    private <T> CompletableFuture<T> submit(Callable<T> task) {
        CompletableFuture<T> future = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    future.complete(task.call());
                } catch (ProviderException failed) {
                    future.completeExceptionally(new RefusedException(ErrorCode.NOT_PLACED, failed.getMessage()));
                } catch (Exception failed) {
                    future.completeExceptionally(failed);
                }
            });
        } catch (RejectedExecutionException closed) {
            future.completeExceptionally(new RefusedException(ErrorCode.NOT_PLACED, "the broker is being stopped"));
        }
        return future;
    }

    /** Waits for the own heart, which answers within a disk sync. */
    static <T> T now(CompletableFuture<T> answer) {
        try {
            return answer.get(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException failed) {
            if (failed.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw new CompletionException(failed.getCause());
        } catch (java.util.concurrent.TimeoutException late) {
            throw new RefusedException(ErrorCode.SYSTEM_BUSY, "the broker does not answer itself in time");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RefusedException(ErrorCode.SYSTEM_BUSY, "the broker is being stopped");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the cluster's thread is busy; closing all the same");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        links.close();
    }
}
