package io.posthorn.server.cli;

import io.posthorn.server.security.UserTable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code user}: the commands that write and read the users file. A running server notices by itself. */
@Command(
        name = "user",
        description = "Adds, removes, lists and verifies users in a users file.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class UserCommand {

    private UserCommand() {}

    /** With its subcommands. */
    static CommandLine line() {
        return new CommandLine(new UserCommand())
                .addSubcommand(new UserAddCommand())
                .addSubcommand(new UserRemoveCommand())
                .addSubcommand(new UserListCommand())
                .addSubcommand(new UserVerifyCommand());
    }

    /** The name under which a user is kept. */
    static String name(String argument) throws CommandException {
        try {
            return UserTable.requireName(argument);
        } catch (IllegalArgumentException noName) {
            throw new CommandException(noName.getMessage(), noName);
        }
    }
}
