package io.posthorn.server.cli;

import io.posthorn.server.config.SettingException;
import io.posthorn.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The top command: picks a subcommand, and turns failures into one clear line and an exit code. */
@Command(
        name = "posthorn-server",
        description = "The Posthorn messaging server.",
        mixinStandardHelpOptions = true,
        versionProvider = ServerCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class ServerCommand {

    /** Exit code when the server cannot start or a command fails; a wrong command line gives 2. */
    static final int EXIT_FAILED = 1;

    private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

    private ServerCommand() {}

    /**
     * Runs the command line.
     *
     * @return exit code: 0 done, 1 failed, 2 wrong command line
     */
    public static int run(NodeLauncher launcher, BrokerAccess access, String... args) {
        CommandLine line = new CommandLine(new ServerCommand());
        Map<String, Supplier<CommandLine>> subcommands = subcommands(launcher, access);
        // Each takes picocli a good part of a short command's time to look at; whoever has named one needs no other.
        Set<String> wanted =
                args.length > 0 && subcommands.containsKey(args[0]) ? Set.of(args[0]) : subcommands.keySet();
        wanted.forEach(name -> line.addSubcommand(name, subcommands.get(name).get()));
        line.setExecutionExceptionHandler((failure, command, result) -> {
            if (failure instanceof SettingException || failure instanceof LaunchException) {
                command.getErr().println("posthorn-server: " + failure.getMessage());
                return failure instanceof SettingException ? CommandLine.ExitCode.USAGE : EXIT_FAILED;
            }
            if (failure instanceof CommandException) {
                command.getErr().println("posthorn-server: " + failure.getMessage());
                return EXIT_FAILED;
            }
            LOG.debug("unexpected failure", failure);
            command.getErr()
                    .println("posthorn-server: unexpected failure: "
                            + failure.toString().lines().findFirst().orElse("")
                            + " (-Dorg.slf4j.simpleLogger.defaultLogLevel=debug logs where)");
            return EXIT_FAILED;
        });
        tellVersion(line);
        if (args.length == 0) {
            line.usage(line.getErr());
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(args);
    }

    /** In the order of the usage text. */
    private static Map<String, Supplier<CommandLine>> subcommands(NodeLauncher launcher, BrokerAccess access) {
        Map<String, Supplier<CommandLine>> all = new LinkedHashMap<>();
        all.put("standalone", () -> new CommandLine(new StandaloneCommand(launcher).spec()));
        all.put("nameserver", () -> new CommandLine(new NameServerCommand(launcher).spec()));
        all.put("broker", () -> new CommandLine(new BrokerCommand(launcher).spec()));
        all.put("user", UserCommand::line);
        all.put("store", StoreCommand::commandLine);
        all.put("xa", () -> XaCommand.commandLine(access));
        all.put("destination", DestinationCommand::line);
        all.put("group", GroupCommand::line);
        all.put("replication", ReplicationCommand::commandLine);
        all.put("promote", () -> new CommandLine(new PromoteCommand(Clock.system())));
        all.put("finalize", () -> new CommandLine(new FinalizeCommand()));
        return all;
    }

    /** So that {@code --version} works behind every subcommand as well. */
    private static void tellVersion(CommandLine line) {
        line.getCommandSpec().versionProvider(new Version());
        line.getSubcommands().values().forEach(ServerCommand::tellVersion);
    }

    /** The version from the jar's manifest. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = ServerCommand.class.getPackage().getImplementationVersion();
            return new String[] {"Posthorn " + (version == null ? "(development build)" : version)};
        }
    }
}
