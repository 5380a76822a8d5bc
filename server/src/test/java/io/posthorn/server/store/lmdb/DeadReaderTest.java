package io.posthorn.server.store.lmdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.JournalRecord.Settled;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Settlement;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.server.store.tiered.AwaitingListener;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies while it reads the tables, as a backup may, does not keep pages from being used again. */
class DeadReaderTest {

    private static final long LANE = LaneId.of(1, 0, 4);
    private static final int MESSAGES = 300;
    private static final String BODY = "x".repeat(3000);

    @TempDir
    Path dir;

    private final AwaitingListener listener = new AwaitingListener();
    private long next;

    @Test
    void itsPagesAreUsedAgain() throws Exception {
        StoreConfig config = StoreConfig.defaults(dir)
                .withSegmentBytes(1 << 20)
                .withCheckpoint(1 << 30, Duration.ofHours(1))
                .withMapBytes(1 << 30);
        try (TieredStore store = new TieredStore(config, Clock.system())) {
            store.listener(listener);
            store.recover(entry -> {});
            fillAndEmpty(store, 3);
            long before = pages();
            assertEquals(7, dyingReader(), "the reader dies with a code of its own");
            fillAndEmpty(store, 10);
            assertTrue(pages() < 3 * before, before + " pages became " + pages());
        }
    }

    private void fillAndEmpty(TieredStore store, int times) {
        for (int i = 0; i < times; i++) {
            long first = next;
            while (next < first + MESSAGES) {
                store.append(List.of(StoreFixtures.published(LANE, next++, 1, BODY)));
            }
            checkpoint(store);
            store.append(List.of(new Settled(List.of(new Settlement(1, LANE, new long[] {first, next - 1}, true)))));
            checkpoint(store);
        }
    }

    private void checkpoint(TieredStore store) {
        store.flush(true);
        listener.awaitCommitted(store.endPosition());
        store.requestCheckpoint();
        listener.awaitCheckpointed(store.endPosition());
    }

    private int dyingReader() throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingReader.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
    }

    /** Pages of LMDB's file that are in use or were: see {@link DataFile}. */
    private long pages() throws IOException {
        ByteBuffer metas = ByteBuffer.allocate(8192).order(ByteOrder.nativeOrder());
        Path file = dir.resolve("lmdb").resolve("data.mdb");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.read(metas, 0);
        }
        return Math.max(metas.getLong(136), metas.getLong(4096 + 136));
    }

    /** The child: begins to read and is gone. */
    static final class DyingReader {

        private DyingReader() {}

        public static void main(String[] args) {
            TableView.open(Path.of(args[0])).txnRead();
            Runtime.getRuntime().halt(7);
        }
    }
}
