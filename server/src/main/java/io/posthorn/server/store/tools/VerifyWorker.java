package io.posthorn.server.store.tools;

import io.posthorn.server.store.Finding;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.journal.JournalVerification;
import io.posthorn.server.store.journal.JournalView;
import io.posthorn.server.store.lmdb.TableVerification;
import io.posthorn.server.store.lmdb.TableView;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The main class of the process that reads a whole store, see {@link StoreVerification}. It reports in lines on standard output, so that what
 * it found is known when a damaged page ends it.
 *
 * <pre>
 * AT    TAB what TAB done TAB total
 * FOUND TAB where TAB what
 * NOTE  TAB text
 * DONE  TAB rows TAB digest in hex TAB checkpoint position TAB journal end
 * </pre>
 */
public final class VerifyWorker {

    private final Path dataDir;
    private final PrintStream out;

    private VerifyWorker(Path dataDir, PrintStream out) {
        this.dataDir = dataDir;
        this.out = out;
    }

    /** @param args the data directory */
    public static void main(String[] args) {
        new VerifyWorker(Path.of(args[0]), new PrintStream(System.out, true, StandardCharsets.UTF_8)).run();
    }

    private void run() {
        TableVerification tables = new TableVerification(this::found, this::at);
        TableVerification.Summary summary = TableVerification.Summary.NOTHING;
        long checkpoint = 0;
        long end = 0;
        try (JournalView journal = JournalView.open(dataDir, this::found)) {
            JournalVerification entries = new JournalVerification(journal, this::found, this::note, this::at);
            end = entries.run((position, next, epoch, array, from, length) -> {
                try {
                    RecordCodec.decode(array, from, length).forEach(tables::tail);
                } catch (StoreException unreadable) {
                    found(new Finding("journal position " + position, unreadable.getMessage()));
                }
            });
            if (Files.exists(dataDir.resolve("lmdb").resolve("data.mdb"))) {
                at("LMDB environment", 0, 0);
                try (TableView view = TableView.open(dataDir)) {
                    checkpoint = view.position();
                    entries.checkReplay(checkpoint);
                    summary = tables.run(view);
                }
            } else {
                entries.checkReplay(0);
            }
        } catch (StoreException failed) {
            found(new Finding("store", failed.getMessage()));
        }
        out.println("DONE\t" + summary.rows() + "\t" + Integer.toHexString(summary.digest()) + "\t" + checkpoint + "\t"
                + end);
    }

    private void found(Finding finding) {
        out.println("FOUND\t" + line(finding.where()) + "\t" + line(finding.what()));
    }

    private void note(String text) {
        out.println("NOTE\t" + line(text));
    }

    private void at(String what, long done, long total) {
        out.println("AT\t" + line(what) + "\t" + done + "\t" + total);
    }

    private static String line(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
