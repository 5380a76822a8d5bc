package io.posthorn.provider.remote;

import io.posthorn.message.BranchId;
import io.posthorn.provider.BranchReply;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/**
 * Commits what was done at several broker groups, in two phases. One of them coordinates: it commits its own part, and journals with it that the others
 * commit.
 *
 * <pre>
 * announce at the coordinator ──▶ prepare at all others ──▶ commit at the coordinator, which decides ──▶ commit at the others ──▶ confirm
 *                                        ╲ one refuses ──▶ roll back everywhere
 * </pre>
 *
 * <p>Whatever becomes of this client, the others ask the coordinator. Steps continue on the event loop.
 */
final class GroupCommit {

    private static final int ID_BYTES = 16;

    /** So long the commits of the others are waited for, once it is decided; they are carried out in any case. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    /** What was done at the groups: in a local transaction, or in a branch of a global one. */
    interface Work {

        /** Prepares what was done at a group under this identity; read-only when that is nothing. */
        CompletableFuture<BranchReply> prepare(FailoverProvider group, BranchId as);

        /** Commits what was done at the coordinator, and decides thereby. */
        CompletableFuture<BranchReply> decide(FailoverProvider coordinator, TransactionEnd.Decision decision);

        /** Rolls back what was done at a group and is not prepared. */
        CompletableFuture<?> rollBack(FailoverProvider group);
    }

    private final Work work;
    private final FailoverProvider coordinator;
    private final List<FailoverProvider> others;
    private final BranchId branch;
    private final List<FailoverProvider> prepared = new ArrayList<>();

    /** @param others without the coordinator; may be empty */
    GroupCommit(Work work, FailoverProvider coordinator, List<FailoverProvider> others, RandomGenerator random) {
        this.work = work;
        this.coordinator = coordinator;
        this.others = others;
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        this.branch = BranchId.ofGroups(id, coordinator.group());
    }

    /** Fails with TRANSACTION_ROLLED_BACK when it is rolled back, and otherwise like the commit at the coordinator; or gives what that refuses with. */
    CompletableFuture<BranchReply> run() {
        return coordinator
                .ask(ClusterVerbs.announce(branch))
                .handle((done, failure) -> failure)
                .thenCompose(failure -> failure == null
                        ? prepareAll()
                        : rollBack("its coordinator cannot be asked: " + Failures.reason(failure)));
    }

    private CompletableFuture<BranchReply> prepareAll() {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (FailoverProvider group : others) {
            answers.add(work.prepare(group, branch).handle((reply, failure) -> prepared(group, reply, failure)));
        }
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenCompose(all -> {
                    for (CompletableFuture<String> answer : answers) {
                        if (answer.join() != null) {
                            return rollBack(answer.join());
                        }
                    }
                    return decide();
                });
    }

    /** @return why it cannot be committed, or null */
    private String prepared(FailoverProvider group, BranchReply reply, Throwable failure) {
        if (failure != null) {
            // It may have been prepared all the same.
            note(group);
            return group.group() + ": " + Failures.reason(failure);
        }
        if (reply.code() == XAResource.XA_OK) {
            note(group);
            return null;
        }
        return reply.code() == XAResource.XA_RDONLY ? null : group.group() + ": " + reply.text();
    }

    private synchronized void note(FailoverProvider group) {
        prepared.add(group);
    }

    private CompletableFuture<BranchReply> decide() {
        List<String> participants =
                prepared.stream().map(FailoverProvider::group).toList();
        return work.decide(coordinator, new TransactionEnd.Decision(branch, participants))
                .handle((reply, failure) -> {
                    if (failure == null && reply.code() == XAResource.XA_OK) {
                        return commitOthers().thenApply(done -> reply);
                    }
                    if (failure == null) {
                        work.rollBack(coordinator);
                        rollBackPrepared();
                        return CompletableFuture.completedFuture(reply);
                    }
                    ProviderException reason = Failures.asProviderException(failure);
                    if (reason.kind() != Kind.CONNECTION
                            && reason.kind() != Kind.TIMEOUT
                            && reason.kind() != Kind.IN_DOUBT) {
                        // It was rolled back there; otherwise only the coordinator knows, and the others will ask it.
                        rollBackPrepared();
                    }
                    return CompletableFuture.<BranchReply>failedFuture(reason);
                })
                .thenCompose(next -> next);
    }

    private CompletableFuture<Void> commitOthers() {
        List<String> confirmed = new ArrayList<>();
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (FailoverProvider group : prepared) {
            answers.add(group.branches().commit(branch, false, null).handle((reply, failure) -> {
                // One that is not known any more has asked the coordinator by itself.
                boolean done =
                        failure == null && (reply.code() == XAResource.XA_OK || reply.code() == XAException.XAER_NOTA);
                if (done) {
                    synchronized (this) {
                        confirmed.add(group.group());
                    }
                }
                return null;
            }));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
        all.thenRun(() -> {
            if (!confirmed.isEmpty()) {
                coordinator.ask(ClusterVerbs.confirm(branch, confirmed));
            }
        });
        return all.copy().completeOnTimeout(null, LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private List<CompletableFuture<?>> rollBackPrepared() {
        List<CompletableFuture<?>> all = new ArrayList<>();
        prepared.forEach(group -> all.add(group.branches().rollback(branch)));
        return all;
    }

    private CompletableFuture<BranchReply> rollBack(String why) {
        List<CompletableFuture<?>> all = rollBackPrepared();
        all.add(work.rollBack(coordinator));
        for (FailoverProvider group : others) {
            if (!prepared.contains(group)) {
                all.add(work.rollBack(group));
            }
        }
        coordinator.ask(ClusterVerbs.confirm(branch, List.of()));
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]))
                .orTimeout(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, failure) -> {
                    throw Failures.rolledBack(why);
                });
    }
}
