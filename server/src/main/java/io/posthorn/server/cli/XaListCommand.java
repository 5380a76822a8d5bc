package io.posthorn.server.cli;

import io.posthorn.provider.Branches;
import io.posthorn.provider.UndecidedBranch;
import picocli.CommandLine.Command;

/** {@code xa list}: one line for each branch that waits for its transaction manager, oldest first; nothing when there is none. */
@Command(
        name = "list",
        description = "Lists the branches that are prepared, or were decided by an operator and are not forgotten.",
        mixinStandardHelpOptions = true)
final class XaListCommand extends XaCommand.OnBroker {

    XaListCommand(BrokerAccess access) {
        super(access);
    }

    @Override
    void run(Branches branches) {
        for (UndecidedBranch branch : await(branches.list())) {
            String state = switch (branch.state()) {
                case PREPARED -> "prepared";
                case COMMITTED_ALONE -> "committed-by-operator";
                case ROLLED_BACK_ALONE -> "rolled-back-by-operator";
            };
            print(branch.branch() + " " + state + " ageSeconds=" + branch.ageMs() / 1000 + " staged=" + branch.staged()
                    + " held=" + branch.held());
        }
    }
}
