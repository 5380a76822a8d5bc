package io.posthorn.server.cli;

import io.posthorn.server.store.tools.StoreBackup;
import io.posthorn.time.Clock;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code store backup}: a consistent copy, also under load. */
@Command(
        name = "backup",
        description = "Copies a data directory consistently; the broker may be running, on the same host.",
        mixinStandardHelpOptions = true)
final class StoreBackupCommand extends StoreCommand.OnStore {

    @Parameters(paramLabel = "TARGET", description = "directory for the backup, absent or empty")
    private Path target;

    @Override
    int run(Path dir) {
        StoreBackup.Result result =
                new StoreBackup(dir, target.toAbsolutePath().normalize(), progress(), Clock.system()).run();
        print("backup complete: the state at position " + result.end() + ", checkpoint at " + result.checkpoint() + ", "
                + result.bytes() + " bytes");
        return 0;
    }
}
