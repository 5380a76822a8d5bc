package io.posthorn.server.cli;

import io.posthorn.server.store.SegmentInfo;
import io.posthorn.server.store.tools.StoreStatistics;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** {@code store stats}: counts and bytes per destination, the journal's segments, the checkpoint. */
@Command(
        name = "stats",
        description = "Counts what is in a data directory; the broker may be running.",
        mixinStandardHelpOptions = true)
final class StoreStatsCommand extends StoreCommand.OnStore {

    @Override
    int run(Path dir) {
        StoreStatistics.Result result = new StoreStatistics(dir, progress()).run();
        print("checkpoint at position " + result.checkpoint() + ", journal up to " + result.end() + ", "
                + result.tailBytes() + " bytes between them, " + result.tableBytes() + " bytes in LMDB, format level "
                + result.formatLevel());
        for (SegmentInfo segment : result.segments()) {
            print("segment " + segment.file().getFileName() + ": base " + segment.base() + ", " + segment.fileBytes()
                    + " bytes");
        }
        for (StoreStatistics.Destination d : result.destinations()) {
            print(d.name() + ": " + d.messages() + " messages, " + d.bytes() + " bytes, " + d.subscriptions()
                    + " subscriptions, " + d.waits() + " deliveries to come; since the checkpoint " + d.tailPlaced()
                    + " came and " + d.tailFreed() + " went");
        }
        return 0;
    }
}
