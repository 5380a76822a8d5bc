package io.posthorn.server.cli;

import io.posthorn.protocol.api.FenceRequest;
import io.posthorn.protocol.api.PromoteRequest;
import io.posthorn.protocol.api.PromoteResponse;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.remote.RemoteOperator;
import io.posthorn.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code promote}: makes a Slave the Master of its group, and sees to it that there is no other one. */
@Command(name = "promote", description = "Makes a Slave the Master of its group.", mixinStandardHelpOptions = true)
final class PromoteCommand implements Callable<Integer> {

    private static final long CATCH_UP_NS = 10_000_000_000L;
    private static final long BEGIN_NS = 60_000_000_000L;
    private static final long LOOK_NS = 50_000_000L;

    private final Clock clock;

    @Mixin
    private GroupOption group;

    @Option(
            names = "--broker-id",
            paramLabel = "N",
            description = "brokerId of the Slave; default: the one with the longest journal")
    private Long brokerId;

    @Option(
            names = "--accept-loss",
            description = "promote it although another one has more, or nobody knows whether the Master has")
    private boolean acceptLoss;

    @Option(
            names = "--min-in-sync-replicas",
            paramLabel = "N",
            description = "copies that the new Master waits for, its own included; default: as before")
    private int minInSync;

    @Spec
    private CommandSpec spec;

    PromoteCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException {
        List<GroupOption.Member> members = group.members();
        GroupOption.Member target = target(members);
        long newest =
                answered(members).mapToLong(ReplicaStatusResponse::epoch).max().orElse(0);
        long end = 0;
        for (GroupOption.Member master :
                members.stream().filter(GroupOption.Member::isMaster).toList()) {
            requireClose(target, master);
            end = Math.max(end, fence(master, newest + 1, target));
        }
        long longest = awaitCaughtUp(members, target, end);
        PromoteResponse promoted;
        try (RemoteOperator slave = group.connect(target.address())) {
            promoted = slave.promote(new PromoteRequest(newest, longest, acceptLoss, minInSync));
        } catch (ProviderException refused) {
            throw new CommandException(target.text() + ": " + refused.getMessage(), refused);
        }
        awaitMaster(target, promoted.epoch());
        print("broker " + target.status().brokerId() + " at " + target.text() + " is the Master of "
                + group.brokerName() + ", epoch " + promoted.epoch() + ", from position " + promoted.end());
        return 0;
    }

    private GroupOption.Member target(List<GroupOption.Member> members) throws CommandException {
        Stream<GroupOption.Member> slaves = members.stream().filter(GroupOption.Member::isSlave);
        if (brokerId != null) {
            return slaves.filter(member -> member.status().brokerId() == brokerId)
                    .findFirst()
                    .orElseThrow(() -> new CommandException("no Slave " + brokerId + " of " + group.brokerName()
                            + " answers; \"replication status\" shows who does"));
        }
        return slaves.max(Comparator.comparingLong(member -> member.status().end()))
                .orElseThrow(() -> new CommandException("no Slave of " + group.brokerName()
                        + " answers that could be promoted; \"replication status\" shows who does"));
    }

    /** Before a Master is stopped that serves: its successor must be able to get what it has. */
    private void requireClose(GroupOption.Member target, GroupOption.Member master) throws CommandException {
        boolean inSync = master.status().replicas().stream()
                .anyMatch(replica -> replica.brokerId() == target.status().brokerId() && replica.inSync());
        if (!inSync && !acceptLoss) {
            throw new CommandException("the Master at " + master.text() + " is alive, and Slave "
                    + target.status().brokerId()
                    + " is not in sync with it: nothing was done. Wait until it is, or accept the"
                    + " loss of what it has not got (--accept-loss)");
        }
    }

    /** @return where its journal ends now */
    private long fence(GroupOption.Member master, long epoch, GroupOption.Member target) throws CommandException {
        print("the Master at " + master.text() + " is alive: it stops serving");
        try (RemoteOperator broker = group.connect(master.address())) {
            return broker.fence(new FenceRequest(epoch, target.text())).end();
        } catch (ProviderException failed) {
            throw new CommandException(
                    "the Master at " + master.text() + " cannot be stopped: " + failed.getMessage(), failed);
        }
    }

    /**
     * Gives the Slave time to get what others have; returns the longest journal seen.
     *
     * @param lastEnd where that of a Master ended when it stopped serving
     */
    private long awaitCaughtUp(List<GroupOption.Member> members, GroupOption.Member target, long lastEnd)
            throws CommandException {
        long sinceNs = clock.monotonicNs();
        long longest = Math.max(
                lastEnd,
                answered(members).mapToLong(ReplicaStatusResponse::end).max().orElse(0));
        while (true) {
            long end = 0;
            for (GroupOption.Member member : members) {
                GroupOption.Member now =
                        member.status() == null ? member : group.ask(member.registeredId(), member.address());
                if (now.status() != null) {
                    longest = Math.max(longest, now.status().end());
                    end = member.address().equals(target.address())
                            ? now.status().end()
                            : end;
                }
            }
            if (end >= longest || clock.monotonicNs() - sinceNs > CATCH_UP_NS) {
                return longest;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private void awaitMaster(GroupOption.Member target, long epoch) throws CommandException {
        long sinceNs = clock.monotonicNs();
        GroupOption.Member now;
        do {
            if (clock.monotonicNs() - sinceNs > BEGIN_NS) {
                throw new CommandException(
                        target.text() + " has accepted epoch " + epoch + ", but does not serve yet; see its log");
            }
            LockSupport.parkNanos(LOOK_NS);
            now = group.ask(target.registeredId(), target.address());
        } while (!now.isMaster());
    }

    private static Stream<ReplicaStatusResponse> answered(List<GroupOption.Member> members) {
        return members.stream().filter(member -> member.status() != null).map(GroupOption.Member::status);
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
