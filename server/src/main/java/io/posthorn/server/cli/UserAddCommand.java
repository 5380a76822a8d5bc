package io.posthorn.server.cli;

import io.posthorn.server.security.ScramVerifier;
import io.posthorn.server.security.UserTable;
import io.posthorn.server.security.UsersFile;
import io.posthorn.server.security.UsersFileException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code user add}: a new user, or a new password. Makes the file when there is none. */
@Command(
        name = "add",
        description = "Adds a user; the file keeps what verifies the password, not the password.",
        mixinStandardHelpOptions = true)
final class UserAddCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "the user's name")
    private String argument;

    @Mixin
    private UsersFileOption users;

    @Mixin
    private PasswordOption password;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "work of a login for the client, and of guessing for a thief of the file; 4096 to 1000000 "
                    + "(default: ${DEFAULT-VALUE})")
    private int iterations = ScramVerifier.ITERATIONS_DEFAULT;

    @Option(names = "--replace", description = "gives a user that exists a new password")
    private boolean replace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        String name = UserCommand.name(argument);
        UsersFile file = users.file();
        try {
            if (Files.exists(file.path())) {
                requireAbsent(name, file.read());
            }
            ScramVerifier verifier = ScramVerifier.create(password.read(name, true), iterations, new SecureRandom());
            file.<CommandException>change(before -> {
                requireAbsent(name, before);
                return before.with(name, verifier);
            });
        } catch (UsersFileException | IllegalArgumentException failed) {
            throw new CommandException(failed.getMessage(), failed);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("user " + name + " may log in; users file " + file.path());
        out.flush();
        return 0;
    }

    private void requireAbsent(String name, UserTable table) throws CommandException {
        if (!replace && table.contains(name)) {
            throw new CommandException("there is a user " + name + " already; --replace gives it a new password");
        }
    }
}
