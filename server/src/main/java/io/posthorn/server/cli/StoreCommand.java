package io.posthorn.server.cli;

import io.posthorn.server.config.Setting;
import io.posthorn.server.config.Settings;
import io.posthorn.server.store.StoreException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code store}: what operators do with a data directory besides running a broker on it. */
@Command(
        name = "store",
        description = "Looks after a broker's data directory.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class StoreCommand {

    private StoreCommand() {}

    static CommandLine commandLine() {
        return new CommandLine(new StoreCommand())
                .addSubcommand(new StoreVerifyCommand())
                .addSubcommand(new StoreStatsCommand())
                .addSubcommand(new StoreBackupCommand())
                .addSubcommand(new StoreRestoreCommand());
    }

    /** What the four have in common: where the store is, how progress is shown, how failures are told. */
    abstract static class OnStore implements Callable<Integer> {

        @Spec
        CommandSpec spec;

        @Option(names = "--data-dir", paramLabel = "DIR", description = "data directory (default: ./posthorn-data)")
        private String dataDir;

        @Option(names = "--config", paramLabel = "FILE", description = "properties file with settings, see the README")
        private Path config;

        /** @throws StoreException with what to tell the operator */
        abstract int run(Path dir);

        @Override
        public final Integer call() throws CommandException {
            Map<Setting, String> options = dataDir == null ? Map.of() : Map.of(Setting.DATA_DIR, dataDir);
            Path dir = Settings.resolve(Set.of(Setting.DATA_DIR), options, System.getenv(), config)
                    .path(Setting.DATA_DIR)
                    .toAbsolutePath()
                    .normalize();
            try {
                return run(dir);
            } catch (StoreException failed) {
                throw new CommandException(failed.getMessage(), failed);
            }
        }

        /** Prints a line to standard output. */
        final void print(String line) {
            spec.commandLine().getOut().println(line);
            spec.commandLine().getOut().flush();
        }

        /** Shows progress on standard error, so that the output can be kept by itself. */
        final ProgressLines progress() {
            return new ProgressLines(spec.commandLine().getErr());
        }
    }
}
