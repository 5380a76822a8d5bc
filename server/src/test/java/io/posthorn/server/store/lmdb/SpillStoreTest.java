package io.posthorn.server.store.lmdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.SpillSpace;
import io.posthorn.server.store.StoreFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillStoreTest {

    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    private final Answers answers = new Answers();
    private final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();
    private volatile String diskRefusal;
    private SpillStore spill;

    private static final class Answers implements SpillSpace.Listener {
        final BlockingQueue<Long> written = new LinkedBlockingQueue<>();
        final Map<Long, String> refused = new ConcurrentHashMap<>();
        final BlockingQueue<EncodedMessage[]> read = new LinkedBlockingQueue<>();

        @Override
        public void spilled(long[] ids) {
            Arrays.stream(ids).forEach(written::add);
        }

        @Override
        public void spillRefused(long[] ids, String why) {
            Arrays.stream(ids).forEach(id -> {
                refused.put(id, why);
                written.add(-id);
            });
        }

        @Override
        public void spillRead(long[] ids, EncodedMessage[] messages) {
            read.add(messages);
        }

        /** The next number that was written, negative when it was refused. */
        long next() throws InterruptedException {
            Long id = written.poll(20, TimeUnit.SECONDS);
            return id == null ? 0 : id;
        }
    }

    private void open(long bytesMax) {
        spill = new SpillStore(dir, bytesMax, () -> diskRefusal, answers, broken::add);
        spill.wipe();
    }

    @AfterEach
    void close() {
        spill.close();
    }

    private static EncodedMessage message(long id, int bytes) {
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) id);
        return StoreFixtures.message(body);
    }

    private EncodedMessage[] read(long... ids) throws InterruptedException {
        spill.read(ids);
        return answers.read.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void whatIsWrittenIsReadUntilItIsDropped() throws Exception {
        open(MIB);
        for (long id = 1; id <= 100; id++) {
            spill.write(id, message(id, 3000));
        }
        for (long id = 1; id <= 100; id++) {
            assertEquals(id, answers.next());
        }
        EncodedMessage[] found = read(7, 100, 500);
        assertArrayEquals(message(7, 3000).bytes(), found[0].bytes());
        assertArrayEquals(message(100, 3000).bytes(), found[1].bytes());
        assertNull(found[2]);
        spill.drop(7);
        // Behind it in order, so it is gone by then.
        spill.write(101, message(101, 10));
        assertEquals(101, answers.next());
        assertNull(read(7)[0]);
    }

    @Test
    void anErrorThatEndsItsThreadIsReported() throws Exception {
        OutOfMemoryError injected = new OutOfMemoryError("injected");
        spill = new SpillStore(
                dir,
                MIB,
                () -> {
                    throw injected;
                },
                answers,
                broken::add);
        spill.write(1, message(1, 3000));
        assertSame(injected, broken.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void nothingOfAnEarlierProcessIsLeft() throws Exception {
        open(MIB);
        assertFalse(Files.exists(dir.resolve("spill")));
        spill.write(1, message(1, 100));
        assertEquals(1, answers.next());
        spill.close();
        assertTrue(Files.exists(dir.resolve("spill/data.mdb")));
        open(MIB);
        assertFalse(Files.exists(dir.resolve("spill")));
        assertNull(read(1)[0]);
    }

    @Test
    void aFullDiskIsNamedAndItGoesOnLater() throws Exception {
        open(MIB);
        diskRefusal = "disk full: 95 %";
        spill.write(1, message(1, 100));
        assertEquals(-1, answers.next());
        assertEquals("disk full: 95 %", answers.refused.get(1L));
        diskRefusal = null;
        spill.write(2, message(2, 100));
        assertEquals(2, answers.next());
    }

    @Test
    void theMapIsTheLastBoundAndDroppingMakesRoom() throws Exception {
        open(MIB);
        int written = 0;
        long id = 0;
        while (answers.refused.isEmpty() && id < 1000) {
            spill.write(++id, message(id, MIB - 200));
            written += answers.next() > 0 ? 1 : 0;
        }
        assertTrue(written > 50 && written < 75, written + " MiB fit");
        assertTrue(answers.refused.get(id).contains("failed"), answers.refused.get(id));
        for (long each = 1; each <= 20; each++) {
            spill.drop(each);
        }
        // A transaction that drops frees its pages for the next one but one.
        long stored = 0;
        for (int i = 0; i < 10 && stored <= 0; i++) {
            spill.write(++id, message(id, MIB - 200));
            stored = answers.next();
        }
        assertEquals(id, stored);
        assertArrayEquals(message(30, MIB - 200).bytes(), read(30)[0].bytes());
    }

    @Test
    void freedRoomIsUsedAgain() throws Exception {
        open(8 * MIB);
        long id = 0;
        for (int round = 0; round < 30; round++) {
            long first = id + 1;
            for (int i = 0; i < 1000; i++) {
                spill.write(++id, message(id, 5000));
            }
            for (int i = 0; i < 1000; i++) {
                assertTrue(answers.next() > 0);
            }
            for (long each = first; each <= id; each++) {
                spill.drop(each);
            }
        }
        // 150 MB have gone through it, 5 at a time.
        assertTrue(bytes() <= 32 * MIB, bytes() + " bytes");
    }

    @Test
    void aLargeEmptyFileIsRemoved() throws Exception {
        open(200 * MIB);
        for (long id = 1; id <= 100; id++) {
            spill.write(id, message(id, MIB));
            assertEquals(id, answers.next());
        }
        assertTrue(bytes() > 100 * MIB);
        for (long id = 1; id <= 100; id++) {
            spill.drop(id);
        }
        // An answer tells that everything before it has been worked off.
        read(1);
        spill.drop(1);
        read(1);
        assertFalse(Files.exists(dir.resolve("spill/data.mdb")));
        spill.write(200, message(200, 100));
        assertEquals(200, answers.next());
        assertEquals(message(200, 100).size(), read(200)[0].size());
    }

    private long bytes() throws IOException {
        return Files.size(dir.resolve("spill/data.mdb"));
    }
}
