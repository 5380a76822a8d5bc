package io.posthorn.provider.remote;

import io.posthorn.message.BranchId;
import io.posthorn.provider.BranchReply;
import io.posthorn.provider.BranchWork;
import io.posthorn.provider.Branches;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.UndecidedBranch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/**
 * Branches of global transactions over several broker groups. All verbs fan out. A branch exists at the directory, which judges whether it may begin and
 * remembers where something was done in it by whatever connection, and at every group where that is so; a group that does not know it answers XAER_NOTA,
 * which counts only if all do, or if what was done there is lost. Any thread.
 */
final class ClusterBranches implements Branches {

    /** How long a group that is not connected yet is waited for when it probably has nothing to do with a branch. */
    private static final long STRANGER_WAIT_MS = 3_000;

    private final ClusterProvider cluster;

    /** Groups where something was done in a branch that this connection decides about, until it is decided. */
    private final ConcurrentMap<BranchId, Set<FailoverProvider>> enlisted = new ConcurrentHashMap<>();

    private final ConcurrentMap<BranchWork, Long> timeouts = new ConcurrentHashMap<>();

    ClusterBranches(ClusterProvider cluster) {
        this.cluster = cluster;
    }

    @Override
    public BranchWork work(ProducerHandle producer) {
        FailoverProvider only = cluster.sole();
        if (only != null) {
            return only.branches().work(producer);
        }
        ClusterProducer session = (ClusterProducer) producer;
        FailoverProvider home = cluster.directory();
        return new ClusterBranchWork(session, home, home.branches().work(session.at(home)));
    }

    @Override
    public CompletableFuture<BranchReply> start(BranchWork work, BranchId branch, Start how, long timeoutMs) {
        if (!(work instanceof ClusterBranchWork several)) {
            return cluster.first().branches().start(work, branch, how, timeoutMs);
        }
        if (timeoutMs > 0) {
            timeouts.put(several, timeoutMs);
        }
        return several.home().branches().start(several.atHome(), branch, how, timeoutMs);
    }

    /** Asks where something was done in a branch that is not prepared; leaves it open when nobody knows that any more. */
    private CompletableFuture<Void> learn(BranchId branch) {
        FailoverProvider home = cluster.directory();
        return home.ask(ClusterVerbs.enlist(branch, List.of())).thenAccept(answer -> {
            if (answer.open()) {
                Set<FailoverProvider> known = new LinkedHashSet<>();
                known.add(home);
                answer.groups().forEach(group -> known.add(cluster.group(group)));
                enlisted.put(branch, known);
            }
        });
    }

    @Override
    public CompletableFuture<BranchReply> end(BranchWork work, BranchId branch, End how, List<DeliverySpan> consumed) {
        if (!(work instanceof ClusterBranchWork several)) {
            return cluster.first().branches().end(work, branch, how, consumed);
        }
        Long timeout = timeouts.remove(several);
        SpansByGroup split = SpansByGroup.of(consumed);
        Set<FailoverProvider> others = new LinkedHashSet<>(several.producer().touched());
        others.addAll(split.groups());
        others.remove(several.home());
        if (others.isEmpty()) {
            return several.home().branches().end(several.atHome(), branch, how, split.at(several.home()));
        }
        List<String> names = others.stream().map(FailoverProvider::group).toList();
        return several.home()
                .ask(ClusterVerbs.enlist(branch, names))
                .thenCompose(told -> end(several, branch, how, split, others, timeout == null ? 0 : timeout));
    }

    private CompletableFuture<BranchReply> end(
            ClusterBranchWork several,
            BranchId branch,
            End how,
            SpansByGroup split,
            Set<FailoverProvider> others,
            long timeoutMs) {
        List<CompletableFuture<BranchReply>> answers = new ArrayList<>();
        for (FailoverProvider group : others) {
            BranchWork there = group.branches().work(several.producer().at(group));
            // A suspended session comes back as one that joins: only the directory has to know who may.
            End said = how == End.SUSPEND ? End.SUCCESS : how;
            answers.add(begin(group, there, branch, timeoutMs)
                    .thenCompose(reply -> group.branches().end(there, branch, said, split.at(group)))
                    .thenApply(reply -> workIsLost(group, reply)));
        }
        return all(answers).thenCompose(replies -> {
            BranchReply bad = firstBad(replies);
            End said = bad == null ? how : End.FAIL;
            return several.home()
                    .branches()
                    .end(several.atHome(), branch, said, split.at(several.home()))
                    .thenApply(reply -> bad == null ? reply : bad);
        });
    }

    private static CompletableFuture<BranchReply> begin(
            FailoverProvider group, BranchWork work, BranchId branch, long timeoutMs) {
        return group.branches()
                .start(work, branch, Start.NEW, timeoutMs)
                .thenCompose(reply -> reply.code() == XAException.XAER_DUPID
                        ? group.branches().start(work, branch, Start.JOIN, timeoutMs)
                        : CompletableFuture.completedFuture(reply));
    }

    @Override
    public CompletableFuture<BranchReply> endSuspended(BranchWork work, BranchId branch, End how) {
        if (!(work instanceof ClusterBranchWork several)) {
            return cluster.first().branches().endSuspended(work, branch, how);
        }
        return several.home().branches().endSuspended(several.atHome(), branch, how);
    }

    @Override
    public CompletableFuture<BranchReply> prepare(BranchId branch) {
        FailoverProvider only = cluster.sole();
        if (only != null) {
            return only.branches().prepare(branch);
        }
        return learn(branch)
                .thenCompose(
                        learnt -> fanOut(branch, branches -> branches.prepare(branch), ClusterBranches::workIsLost))
                .thenCompose(replies -> {
                    BranchReply bad = firstBad(replies);
                    if (bad != null && bad.code() != XAException.XAER_NOTA) {
                        return fanOut(branch, branches -> branches.rollback(branch))
                                .thenApply(gone -> {
                                    enlisted.remove(branch);
                                    return bad;
                                });
                    }
                    BranchReply reply = merged(replies);
                    if (reply.code() == XAResource.XA_RDONLY) {
                        enlisted.remove(branch);
                    }
                    return CompletableFuture.completedFuture(reply);
                });
    }

    @Override
    public CompletableFuture<BranchReply> commit(BranchId branch, boolean onePhase, BranchWork own) {
        FailoverProvider only = cluster.sole();
        if (only != null || own instanceof RemoteBranchWork) {
            return (only == null ? cluster.first() : only).branches().commit(branch, onePhase, own);
        }
        if (!onePhase) {
            return decided(branch, branches -> branches.commit(branch, false, null));
        }
        FailoverProvider home = cluster.directory();
        List<FailoverProvider> others = new ArrayList<>(cluster.everyGroup());
        others.remove(home);
        RemoteBranchWork atHome = own instanceof ClusterBranchWork several ? (RemoteBranchWork) several.atHome() : null;
        return learn(branch)
                .thenCompose(learnt -> cluster.groupCommit(new OnePhase(branch, atHome), home, others))
                .handle((reply, failure) -> {
                    if (failure == null || Failures.kindIs(failure, Kind.TRANSACTION_ROLLED_BACK)) {
                        enlisted.remove(branch);
                    }
                    if (failure == null) {
                        return reply;
                    }
                    ProviderException reason = Failures.asProviderException(failure);
                    if (reason.kind() == Kind.TRANSACTION_ROLLED_BACK) {
                        return new BranchReply(XAException.XA_RBROLLBACK, reason.getMessage());
                    }
                    throw reason;
                });
    }

    /** A branch that is committed in one phase: nobody but the groups can know how it ends, so they agree on that among themselves. */
    private final class OnePhase implements GroupCommit.Work {

        private final BranchId branch;
        private final RemoteBranchWork own;
        private final Set<FailoverProvider> known;

        OnePhase(BranchId branch, RemoteBranchWork own) {
            this.branch = branch;
            this.own = own;
            this.known = enlisted.getOrDefault(branch, Set.of());
        }

        @Override
        public CompletableFuture<BranchReply> prepare(FailoverProvider group, BranchId as) {
            CompletableFuture<BranchReply> answer = group.branches().prepareAs(branch, as);
            return (known.contains(group) ? answer : unlessStrange(group, answer))
                    .thenApply(reply -> reply.code() == XAException.XAER_NOTA && !known.contains(group)
                            ? new BranchReply(XAResource.XA_RDONLY, "")
                            : reply);
        }

        @Override
        public CompletableFuture<BranchReply> decide(FailoverProvider coordinator, TransactionEnd.Decision decision) {
            return coordinator.branches().commitDeciding(branch, own, decision);
        }

        @Override
        public CompletableFuture<?> rollBack(FailoverProvider group) {
            CompletableFuture<BranchReply> answer = group.branches().rollback(branch);
            return known.contains(group) ? answer : unlessStrange(group, answer);
        }
    }

    /** A group that has probably nothing to do with a branch is waited for a little only. */
    private static CompletableFuture<BranchReply> unlessStrange(
            FailoverProvider group, CompletableFuture<BranchReply> answer) {
        return answer.copy()
                .completeOnTimeout(
                        new BranchReply(XAException.XAER_NOTA, group.group() + " does not answer"),
                        STRANGER_WAIT_MS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletableFuture<BranchReply> rollback(BranchId branch) {
        FailoverProvider only = cluster.sole();
        return only != null
                ? only.branches().rollback(branch)
                : learn(branch).thenCompose(learnt -> decided(branch, branches -> branches.rollback(branch)));
    }

    @Override
    public CompletableFuture<BranchReply> forget(BranchId branch) {
        FailoverProvider only = cluster.sole();
        return only != null ? only.branches().forget(branch) : decided(branch, branches -> branches.forget(branch));
    }

    private CompletableFuture<BranchReply> decided(
            BranchId branch, Function<Branches, CompletableFuture<BranchReply>> verb) {
        return fanOut(branch, verb).thenApply(replies -> {
            enlisted.remove(branch);
            return merged(replies);
        });
    }

    /** Asks all groups where the branch may be. Fails when one of those where it is known to be does not answer. */
    private CompletableFuture<List<BranchReply>> fanOut(
            BranchId branch, Function<Branches, CompletableFuture<BranchReply>> verb) {
        return fanOut(branch, verb, (group, reply) -> reply);
    }

    /** What was done at a group went with a connection, or with a restart. */
    private static BranchReply workIsLost(FailoverProvider group, BranchReply reply) {
        return reply.code() == XAException.XAER_NOTA
                ? new BranchReply(
                        XAException.XA_RBCOMMFAIL, "what was done at broker group " + group.group() + " is lost")
                : reply;
    }

    /** @param ofKnown what the answer of a group means where something was done in the branch */
    private CompletableFuture<List<BranchReply>> fanOut(
            BranchId branch,
            Function<Branches, CompletableFuture<BranchReply>> verb,
            BiFunction<FailoverProvider, BranchReply, BranchReply> ofKnown) {
        Set<FailoverProvider> known = enlisted.getOrDefault(branch, Set.of());
        List<CompletableFuture<BranchReply>> answers = new ArrayList<>();
        for (FailoverProvider group : cluster.everyGroup()) {
            CompletableFuture<BranchReply> answer = verb.apply(group.branches());
            if (known.contains(group)) {
                answers.add(answer.thenApply(reply -> ofKnown.apply(group, reply)));
            } else {
                answers.add(known.isEmpty() ? answer : unlessStrange(group, answer));
            }
        }
        return all(answers);
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> answers) {
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
    }

    private static BranchReply firstBad(List<BranchReply> replies) {
        for (BranchReply reply : replies) {
            if (reply.code() != XAResource.XA_OK
                    && reply.code() != XAResource.XA_RDONLY
                    && reply.code() != XAException.XAER_NOTA) {
                return reply;
            }
        }
        return null;
    }

    /** What the groups say together: an error, else success where one has something, else read-only, else unknown. */
    private static BranchReply merged(List<BranchReply> replies) {
        BranchReply bad = firstBad(replies);
        if (bad != null) {
            return bad;
        }
        BranchReply best = replies.get(0);
        for (BranchReply reply : replies) {
            if (reply.code() == XAResource.XA_OK || best.code() == XAException.XAER_NOTA) {
                best = reply;
            }
        }
        return best;
    }

    @Override
    public CompletableFuture<List<BranchId>> recover() {
        FailoverProvider only = cluster.sole();
        return only != null
                ? only.branches().recover()
                : everywhere(Branches::recover)
                        .thenApply(found -> found.stream().distinct().toList());
    }

    @Override
    public CompletableFuture<List<UndecidedBranch>> list() {
        FailoverProvider only = cluster.sole();
        if (only != null) {
            return only.branches().list();
        }
        return everywhere(Branches::list).thenApply(found -> {
            Map<BranchId, UndecidedBranch> merged = new java.util.LinkedHashMap<>();
            found.forEach(each -> merged.merge(
                    each.branch(),
                    each,
                    (a, b) -> new UndecidedBranch(
                            a.branch(),
                            a.state(),
                            Math.max(a.ageMs(), b.ageMs()),
                            a.staged() + b.staged(),
                            a.held() + b.held())));
            return merged.values().stream()
                    .sorted(Comparator.comparingLong(UndecidedBranch::ageMs).reversed())
                    .toList();
        });
    }

    /** All groups that anybody knows of: one that cannot be asked may have something, so it fails then. */
    private <T> CompletableFuture<List<T>> everywhere(Function<Branches, CompletableFuture<List<T>>> verb) {
        return cluster.groupsKnown().thenCompose(known -> {
            Set<FailoverProvider> groups = new LinkedHashSet<>(cluster.everyGroup());
            known.rows().forEach(row -> groups.add(cluster.group(row.group())));
            List<CompletableFuture<List<T>>> answers = new ArrayList<>();
            for (FailoverProvider group : groups) {
                answers.add(verb.apply(group.branches())
                        .copy()
                        .orTimeout(STRANGER_WAIT_MS, TimeUnit.MILLISECONDS)
                        .handle((found, failure) -> {
                            if (failure != null) {
                                throw new ProviderException(
                                        Kind.CONNECTION,
                                        "broker group " + group.group() + " cannot be asked, and may have branches: "
                                                + Failures.reason(failure),
                                        failure);
                            }
                            return found;
                        }));
            }
            return all(answers)
                    .thenApply(lists -> lists.stream().flatMap(List::stream).toList());
        });
    }

    @Override
    public CompletableFuture<BranchReply> decideAlone(BranchId branch, boolean commit) {
        FailoverProvider only = cluster.sole();
        return only != null
                ? only.branches().decideAlone(branch, commit)
                : decided(branch, branches -> branches.decideAlone(branch, commit));
    }

    @Override
    public String resourceId() {
        return cluster.resourceId();
    }
}
