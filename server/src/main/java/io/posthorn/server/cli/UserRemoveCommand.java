package io.posthorn.server.cli;

import io.posthorn.server.security.UsersFile;
import io.posthorn.server.security.UsersFileException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code user remove}: the user cannot log in any more, and a running server ends the user's connections. */
@Command(
        name = "remove",
        description = "Removes a user; a running server ends the user's connections.",
        mixinStandardHelpOptions = true)
final class UserRemoveCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "the user's name")
    private String argument;

    @Mixin
    private UsersFileOption users;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        String name = UserCommand.name(argument);
        UsersFile file = users.file();
        try {
            file.read();
            file.<CommandException>change(before -> {
                if (!before.contains(name)) {
                    throw new CommandException("there is no user " + name + " in " + file.path());
                }
                return before.without(name);
            });
        } catch (UsersFileException failed) {
            throw new CommandException(failed.getMessage(), failed);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("user " + name + " is removed");
        out.flush();
        return 0;
    }
}
