package io.posthorn.server.replication;

import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ChunkResponse;
import io.posthorn.protocol.api.SnapshotChunkRequest;
import io.posthorn.protocol.api.SnapshotRequest;
import io.posthorn.protocol.api.SnapshotResponse;
import io.posthorn.provider.remote.DirectLink;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Slave's download of a snapshot. It outlives connections: on the next one it goes on where it was, if the Master still has the same. One
 * thread.
 */
final class SnapshotFetch {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFetch.class);
    private static final int CHUNK_MAX_BYTES = 1 << 20;
    private static final long POLL_NS = 300_000_000L;
    private static final long REPORT_NS = 5_000_000_000L;

    private final SnapshotInstall files;
    private final Clock clock;
    private final Consumer<String> progress;
    private SnapshotResponse snapshot;
    private long offset;

    /** @param progress told how far it is, in words */
    SnapshotFetch(SnapshotInstall files, Clock clock, Consumer<String> progress) {
        this.files = files;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Fetches until everything is there.
     *
     * @param aside where the old store goes, or null
     * @return false when it was told to stop
     */
    boolean run(DirectLink master, String aside, BooleanSupplier stopping) throws IOException {
        SnapshotResponse offered = awaitReady(master, stopping);
        if (offered == null) {
            return false;
        }
        if (snapshot == null || snapshot.snapshotId() != offered.snapshotId()) {
            files.begin();
            offset = 0;
        }
        snapshot = offered;
        LOG.info("taking a snapshot of {} bytes, from byte {}", snapshot.bytes(), offset);
        try (FileChannel channel =
                FileChannel.open(files.file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long reportedNs = clock.monotonicNs();
            while (offset < snapshot.bytes()) {
                if (stopping.getAsBoolean()) {
                    return false;
                }
                SnapshotChunkRequest next = new SnapshotChunkRequest(snapshot.snapshotId(), offset, CHUNK_MAX_BYTES);
                byte[] bytes = master.call(RequestCode.SNAPSHOT_CHUNK, next::encode, ChunkResponse::decode)
                        .bytes();
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    offset += channel.write(buffer, offset);
                }
                String text = "taking a snapshot, " + offset + " of " + snapshot.bytes() + " bytes";
                progress.accept(text);
                if (clock.monotonicNs() - reportedNs > REPORT_NS) {
                    LOG.info(text);
                    reportedNs = clock.monotonicNs();
                }
            }
        }
        SnapshotResponse whole = snapshot;
        snapshot = null;
        files.complete(whole, aside);
        return true;
    }

    private SnapshotResponse awaitReady(DirectLink master, BooleanSupplier stopping) {
        while (!stopping.getAsBoolean()) {
            SnapshotRequest request = new SnapshotRequest(snapshot == null ? 0 : snapshot.snapshotId());
            SnapshotResponse answer = master.call(RequestCode.SNAPSHOT, request::encode, SnapshotResponse::decode);
            if (answer.ready()) {
                return answer;
            }
            progress.accept("the Master makes a snapshot, " + answer.bytes() + " bytes so far");
            LockSupport.parkNanos(POLL_NS);
        }
        return null;
    }
}
