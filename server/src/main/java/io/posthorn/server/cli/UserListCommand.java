package io.posthorn.server.cli;

import io.posthorn.server.security.UsersFileException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code user list}: the names, one a line, sorted. */
@Command(name = "list", description = "Lists the names of the users, one a line.", mixinStandardHelpOptions = true)
final class UserListCommand implements Callable<Integer> {

    @Mixin
    private UsersFileOption users;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        PrintWriter out = spec.commandLine().getOut();
        try {
            users.file().read().names().forEach(out::println);
        } catch (UsersFileException failed) {
            throw new CommandException(failed.getMessage(), failed);
        }
        out.flush();
        return 0;
    }
}
