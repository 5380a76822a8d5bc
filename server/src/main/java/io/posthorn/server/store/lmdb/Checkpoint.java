package io.posthorn.server.store.lmdb;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.RecordCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * One run of folding a journal range into the tables, in two passes and in transactions of bounded size, each of which records the position
 * it reached: wherever the run ends, the tables are the state at that position, but for messages that are freed later
 * in the range. Runs on the checkpointer's thread.
 */
final class Checkpoint implements JournalSource.Visitor {

    /** How much one transaction takes. */
    record Limits(int bytes, int rows) {
        static final Limits DEFAULT = new Limits(16 << 20, 50_000);
        /** On a full disk: a step that fits into little room lets go of what the next one needs. */
        static final Limits SMALL = new Limits(1 << 20, 2_000);
    }

    /** Asked after each transaction, with what it recorded, whether to go on. */
    @FunctionalInterface
    interface Progress {
        boolean goOn(Meta recorded);
    }

    /** Ends a scan early; not an error. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped", null, false, false);
        }
    }

    /** Room per row in the estimate of how far the file may grow: a page, and one more for its branches. */
    private static final long ROW_GROWTH_BYTES = 8192;

    private final Env<ByteBuffer> env;
    private final Tables tables;
    private final Values values;
    private final DataFile file;
    private final Limits limits;
    private final Progress progress;
    private final FoldWriter writer;
    private final Survey survey = new Survey();
    private final Map<Long, Long> laneStarts = new HashMap<>();

    private Meta reached;
    private Txn<ByteBuffer> reads;
    private FoldState state;
    private Fold fold;

    Checkpoint(
            Env<ByteBuffer> env,
            Tables tables,
            Values values,
            DataFile file,
            Meta from,
            Limits limits,
            Progress progress) {
        this.env = env;
        this.tables = tables;
        this.values = values;
        this.file = file;
        this.limits = limits;
        this.progress = progress;
        this.writer = new FoldWriter(env, tables, values, limits.rows());
        this.reached = from;
    }

    /**
     * Folds up to a position.
     *
     * @return what the last transaction recorded; less than {@code to} when it was told to stop
     */
    Meta run(JournalSource journal, long to) {
        long from = reached.position();
        journal.scan(from, to, (position, end, epoch, array, start, length) -> {
            for (JournalRecord record : RecordCodec.decodeWithoutMessage(array, start, length)) {
                survey.add(record);
            }
        });
        try {
            begin();
            journal.scan(from, to, this);
            write(reached.at(to));
        } catch (Stopped stopped) {
            return reached;
        } finally {
            endReads();
        }
        return reached;
    }

    @Override
    public void entry(long position, long end, long epoch, byte[] array, int from, int length) {
        List<JournalRecord> records = RecordCodec.decodeWithoutMessage(array, from, length);
        Supplier<EncodedMessage> message = () -> RecordCodec.decodeMessage(array, from, length);
        for (int i = 0; i < records.size(); i++) {
            fold.apply(position, records.get(i), message);
        }
        reached = reached.with(RecordCodec.version(array, from), epoch);
        if (state.bytes() >= limits.bytes() || state.size() >= limits.rows()) {
            write(reached.at(end));
            begin();
        }
    }

    private void begin() {
        reads = env.txnRead();
        state = new FoldState(new Rows(tables, values, reads), laneStarts);
        fold = new Fold(state, survey);
    }

    private void write(Meta upTo) {
        // A reader that stays open would keep LMDB from reusing pages.
        endReads();
        try {
            long growth = 2 * state.bytes() + ROW_GROWTH_BYTES * (state.size() + 1);
            file.extendTo(env.info().lastPageNumber * env.stat().pageSize + growth);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        writer.write(state, upTo);
        reached = upTo;
        if (!progress.goOn(upTo)) {
            throw new Stopped();
        }
    }

    private void endReads() {
        if (reads != null) {
            reads.close();
            reads = null;
        }
    }
}
