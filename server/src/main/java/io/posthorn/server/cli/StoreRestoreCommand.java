package io.posthorn.server.cli;

import io.posthorn.server.store.tools.StoreRestore;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store restore}: makes a data directory of a backup, and of what another directory's journal has. */
@Command(
        name = "restore",
        description = "Makes a data directory, which must be absent or empty, of a backup, of the journal of another"
                + " directory, or of both.",
        mixinStandardHelpOptions = true)
final class StoreRestoreCommand extends StoreCommand.OnStore {

    @Parameters(
            paramLabel = "BACKUP",
            arity = "0..1",
            description = "directory of the backup; without one, the tables of the directory named by --journal")
    private Path backup;

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            description = "data directory, in use by nobody, whose journal is applied to that, up to the first damaged"
                    + " record; nothing in it is changed")
    private Path continuedIn;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "apply of that journal only what was written up to this time, for example"
                    + " 2026-03-01T09:30:00Z or 2026-03-01T10:30:00+01:00; the backup has to be from before")
    private OffsetDateTime until;

    @Override
    int run(Path dir) {
        if (backup == null && continuedIn == null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "name a BACKUP, --journal, or both");
        }
        StoreRestore restore = new StoreRestore(absolute(backup), absolute(continuedIn), dir, progress());
        if (until != null) {
            restore.until(until.toInstant());
        }
        StoreRestore.Result result = restore.run();
        if (continuedIn != null) {
            print(result.entries() + " journal entries were applied");
        }
        if (result.damage() != null) {
            print("DROPPED: everything from " + result.damage()
                    + " on, where the journal is damaged or a segment is missing");
        }
        if (result.leftOut() != null) {
            print("left out: everything from " + result.leftOut() + " on");
        }
        print("restored: the state at position " + result.end());
        return 0;
    }

    private static Path absolute(Path path) {
        return path == null ? null : path.toAbsolutePath().normalize();
    }
}
