package io.posthorn.server.cli;

import io.posthorn.server.store.Finding;
import io.posthorn.server.store.tools.StoreVerification;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** {@code store verify}: reads every journal record and every key and value. Exit code 0 = sound, 1 = something is wrong. */
@Command(
        name = "verify",
        description =
                "Reads everything in the data directory of a stopped broker, or in a backup, and reports what is damaged.",
        mixinStandardHelpOptions = true)
final class StoreVerifyCommand extends StoreCommand.OnStore {

    /** A single row or entry takes moments; this is for a disk that hangs. */
    private static final long SILENCE_MAX_MS = 120_000;

    @Override
    int run(Path dir) {
        StoreVerification.Result result = new StoreVerification(dir, progress(), SILENCE_MAX_MS).run();
        result.notes().forEach(note -> print("note: " + note));
        for (Finding finding : result.findings()) {
            print("DAMAGED " + finding.where() + ": " + finding.what());
        }
        if (result.findings().isEmpty()) {
            print("sound: journal up to position " + result.end() + ", checkpoint at " + result.checkpoint() + ", "
                    + result.rows() + " rows in LMDB, digest " + result.digest());
            return 0;
        }
        print(result.findings().size() + " findings");
        return ServerCommand.EXIT_FAILED;
    }
}
