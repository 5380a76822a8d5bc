package io.posthorn.server.cli;

import io.posthorn.server.config.SettingException;
import io.posthorn.time.Clock;
import java.util.Map;
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
        for (var entry : Map.of(
                        "standalone", new StandaloneCommand(launcher),
                        "nameserver", new NameServerCommand(launcher),
                        "broker", new BrokerCommand(launcher))
                .entrySet()) {
            line.addSubcommand(entry.getKey(), new CommandLine(entry.getValue().spec()));
        }
        line.addSubcommand("user", UserCommand.line());
        line.addSubcommand("store", StoreCommand.commandLine());
        line.addSubcommand("xa", XaCommand.commandLine(access));
        line.addSubcommand("destination", DestinationCommand.line());
        line.addSubcommand("group", GroupCommand.line());
        line.addSubcommand("replication", ReplicationCommand.commandLine());
        line.addSubcommand("promote", new CommandLine(new PromoteCommand(Clock.system())));
        line.addSubcommand("finalize", new CommandLine(new FinalizeCommand()));
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
