package io.posthorn.server.cli;

import io.posthorn.provider.BrokerGroup;
import io.posthorn.provider.remote.RemoteOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code group}: the commands that look at the broker groups of a cluster. They ask the directory. */
@Command(
        name = "group",
        description = "Lists and empties the Broker groups of a cluster; its directory is asked.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class GroupCommand {

    private GroupCommand() {}

    /** With its subcommands. */
    static CommandLine line() {
        return new CommandLine(new GroupCommand())
                .addSubcommand(new ListAll())
                .addSubcommand(new Drain())
                .addSubcommand(new Undrain());
    }

    @Command(name = "list", description = "One line per Broker group.", mixinStandardHelpOptions = true)
    private static final class ListAll extends BrokerVerb {

        @Override
        void run(RemoteOperator operator) throws CommandException {
            for (BrokerGroup group : operator.groups()) {
                print(group.name() + (group.reachable() ? " reachable" : " unreachable") + " destinations="
                        + group.destinations() + " messages=" + group.messages() + " bytes=" + group.bytes()
                        + (group.directory() ? " directory" : "") + (group.draining() ? " draining" : ""));
            }
        }
    }

    @Command(
            name = "drain",
            description = "Empties a Broker group: nothing new goes there, and consumers take what is there.",
            mixinStandardHelpOptions = true)
    private static final class Drain extends OnGroup {

        @Override
        boolean drained() {
            return true;
        }
    }

    @Command(
            name = "undrain",
            description = "Lets a Broker group take messages again.",
            mixinStandardHelpOptions = true)
    private static final class Undrain extends OnGroup {

        @Override
        boolean drained() {
            return false;
        }
    }

    /** What has a group emptied, or no longer. */
    private abstract static class OnGroup extends BrokerVerb {

        @Parameters(index = "0", paramLabel = "GROUP", description = "name of the Broker group")
        private String group;

        @Override
        final void run(RemoteOperator operator) {
            operator.drain(group, drained());
        }

        abstract boolean drained();
    }
}
