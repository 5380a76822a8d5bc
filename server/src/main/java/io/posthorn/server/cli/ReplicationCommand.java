package io.posthorn.server.cli;

import io.posthorn.protocol.api.ReplicaStatusResponse;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code replication}: what operators see of a group of Master and Slaves. */
@Command(
        name = "replication",
        description = "Shows how the Master and the Slaves of a broker group stand.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ReplicationCommand {

    private ReplicationCommand() {}

    static CommandLine commandLine() {
        return new CommandLine(new ReplicationCommand()).addSubcommand(new Status());
    }

    /** {@code replication status}. */
    @Command(
            name = "status",
            description = "Roles, epochs, journal positions and Slaves of a group, as each of its brokers tells them.",
            mixinStandardHelpOptions = true)
    private static final class Status implements Callable<Integer> {

        @Mixin
        private GroupOption group;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException {
            List<GroupOption.Member> members = group.members();
            PrintWriter out = spec.commandLine().getOut();
            for (GroupOption.Member member : members) {
                print(out, member);
            }
            out.flush();
            return members.stream().anyMatch(GroupOption.Member::isMaster) ? 0 : ServerCommand.EXIT_FAILED;
        }

        private void print(PrintWriter out, GroupOption.Member member) {
            ReplicaStatusResponse status = member.status();
            if (status == null) {
                out.println(group.brokerName() + " " + member.registeredId() + " " + member.text()
                        + " does not answer: " + member.failure());
                return;
            }
            out.println(group.brokerName() + " " + status.brokerId() + " " + member.text() + " " + status.role()
                    + " epoch=" + status.epoch() + " end=" + status.end() + " commit=" + status.commit()
                    + " minInSyncReplicas=" + status.minInSync()
                    + (member.isMaster() ? " inSync=" + status.inSync() : "")
                    + (status.master().isEmpty() ? "" : " master=" + status.master())
                    + " formatLevel=" + status.format().level() + " formatLevelMax="
                    + status.format().levelMax() + " folded=" + status.folded() + " bodyBytesRead="
                    + status.bodyBytesRead()
                    + (member.isMaster() ? " bodyBytesLeft=" + status.bodyBytesLeft() : "") + " (" + status.text()
                    + ")");
            for (ReplicaStatusResponse.Replica replica : status.replicas()) {
                out.println(
                        "  Slave " + replica.brokerId() + " " + replica.address() + " confirmed=" + replica.durable()
                                + " behind=" + Math.max(0, status.end() - replica.durable())
                                + (replica.inSync() ? " in sync" : " not in sync") + ", heard of " + replica.silentMs()
                                + " ms ago");
            }
        }
    }
}
