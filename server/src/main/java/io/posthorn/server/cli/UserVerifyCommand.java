package io.posthorn.server.cli;

import io.posthorn.server.security.UserTable;
import io.posthorn.server.security.UsersFileException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code user verify}: whether a password is that of a user; exit code 0 or 1. */
@Command(
        name = "verify",
        description = "Tells whether a password is that of a user: exit code 0 if it is, 1 if not.",
        mixinStandardHelpOptions = true)
final class UserVerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "the user's name")
    private String argument;

    @Mixin
    private UsersFileOption users;

    @Mixin
    private PasswordOption password;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        String name = UserCommand.name(argument);
        UserTable table;
        try {
            table = users.file().read();
        } catch (UsersFileException failed) {
            throw new CommandException(failed.getMessage(), failed);
        }
        if (!table.verifier(name).fits(password.read(name, false)) || !table.contains(name)) {
            throw new CommandException("user name or password is wrong");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("the password is that of user " + name);
        out.flush();
        return 0;
    }
}
