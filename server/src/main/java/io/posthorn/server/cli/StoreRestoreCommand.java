package io.posthorn.server.cli;

import io.posthorn.server.store.tools.StoreRestore;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code store restore}: makes a data directory of a backup. */
@Command(
        name = "restore",
        description = "Makes a data directory, which must be absent or empty, of a backup.",
        mixinStandardHelpOptions = true)
final class StoreRestoreCommand extends StoreCommand.OnStore {

    @Parameters(paramLabel = "BACKUP", description = "directory of the backup")
    private Path backup;

    @Override
    int run(Path dir) {
        long end = new StoreRestore(backup.toAbsolutePath().normalize(), dir, progress()).run();
        print("restored: the state at position " + end);
        return 0;
    }
}
