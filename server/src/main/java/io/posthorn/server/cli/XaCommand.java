package io.posthorn.server.cli;

import io.posthorn.message.BranchId;
import io.posthorn.provider.BranchReply;
import io.posthorn.provider.Branches;
import io.posthorn.provider.Login;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.server.config.Setting;
import io.posthorn.server.config.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code xa}: what operators do with prepared branches of global transactions whose transaction manager does not come back. */
@Command(
        name = "xa",
        description = "Lists and decides branches of global transactions that wait for their transaction manager.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class XaCommand {

    private XaCommand() {}

    static CommandLine commandLine(BrokerAccess access) {
        return new CommandLine(new XaCommand())
                .addSubcommand(new XaListCommand(access))
                .addSubcommand("commit", new Decide(access, true))
                .addSubcommand("rollback", new Decide(access, false));
    }

    /** What the three have in common: the way to the broker, who asks, how failures are told. */
    abstract static class OnBroker implements Callable<Integer> {

        private final BrokerAccess access;

        @Spec
        CommandSpec spec;

        @Option(
                names = "--namesrv-addr",
                paramLabel = "HOST:PORT[;…]",
                description = "NameServers of the cluster (default: 127.0.0.1:9876)")
        private String nameServers;

        @Option(names = "--config", paramLabel = "FILE", description = "properties file with settings, see the README")
        private Path config;

        @Option(
                names = "--user",
                paramLabel = "NAME",
                description = "who logs in (default: nobody, without a password)")
        private String user;

        @Mixin
        private PasswordOption password;

        OnBroker(BrokerAccess access) {
            this.access = access;
        }

        abstract void run(Branches branches) throws CommandException;

        @Override
        public final Integer call() throws CommandException {
            Map<Setting, String> options = nameServers == null ? Map.of() : Map.of(Setting.NAMESRV_ADDR, nameServers);
            List<InetSocketAddress> addresses = Settings.resolve(
                            Set.of(Setting.NAMESRV_ADDR), options, System.getenv(), config)
                    .addresses(Setting.NAMESRV_ADDR);
            Login login = new Login(user, user == null ? null : password.read(user, false), null);
            try {
                Provider provider = access.connect(addresses, login);
                try {
                    run(provider.branches());
                } finally {
                    await(provider.close());
                }
            } catch (ProviderException failed) {
                throw new CommandException(failed.getMessage(), failed);
            }
            return 0;
        }

        /** Prints a line to standard output. */
        final void print(String line) {
            spec.commandLine().getOut().println(line);
            spec.commandLine().getOut().flush();
        }

        /** The answer, which the provider bounds in time. */
        static <T> T await(CompletableFuture<T> answer) {
            try {
                return answer.join();
            } catch (CompletionException failed) {
                if (failed.getCause() instanceof ProviderException known) {
                    throw known;
                }
                throw failed;
            }
        }
    }

    /** {@code xa commit} and {@code xa rollback}: asks nothing, so that scripts can use it, but wants the whole identity. */
    @Command(
            description =
                    "Decides a prepared branch without its transaction manager, which is told so when it comes back.",
            mixinStandardHelpOptions = true)
    private static final class Decide extends OnBroker {

        private final boolean commit;

        @Parameters(paramLabel = "BRANCH", description = "format:gtrid:bqual in hexadecimal, as \"xa list\" shows it")
        private String argument;

        Decide(BrokerAccess access, boolean commit) {
            super(access);
            this.commit = commit;
        }

        @Override
        void run(Branches branches) throws CommandException {
            BranchId branch;
            try {
                branch = BranchId.parse(argument);
            } catch (IllegalArgumentException noBranch) {
                throw new CommandException(noBranch.getMessage(), noBranch);
            }
            BranchReply reply = await(branches.decideAlone(branch, commit));
            if (reply.code() != 0) {
                throw new CommandException(reply.text());
            }
            print("branch " + branch + " is " + (commit ? "committed" : "rolled back"));
        }
    }
}
