package io.posthorn.server.store.tools;

import io.posthorn.server.store.Finding;
import io.posthorn.server.store.Progress;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.tiered.DirectoryLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads every journal entry and every row of a store that is not in use, in a process of its own: LMDB trusts its pages, so a damaged one may
 * end the process that reads it, and that is a finding like any other. One thread; holds the directory's lock meanwhile.
 */
public final class StoreVerification {

    private static final String END_OF_OUTPUT = "\u0000";
    private static final int FINDINGS_MAX = 10_000;

    private final Path dataDir;
    private final Progress progress;
    private final long silenceMaxMs;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String[] done;
    private String lastAt = "the start";

    /** @param silenceMaxMs how long the process may go without a sign before it is given up */
    public StoreVerification(Path dataDir, Progress progress, long silenceMaxMs) {
        this.dataDir = dataDir;
        this.progress = progress;
        this.silenceMaxMs = silenceMaxMs;
    }

    /**
     * What came of it.
     *
     * @param findings   empty for a sound store; at most 10,000
     * @param notes      what is no damage, but worth knowing
     * @param rows       rows in LMDB
     * @param digest     of their keys and values, in hex: equal for equal contents
     * @param checkpoint position up to which the journal is in LMDB
     * @param end        position just after the journal's last intact entry
     */
    public record Result(
            List<Finding> findings, List<String> notes, long rows, String digest, long checkpoint, long end) {}

    /** @throws StoreException if there is no such store, or a broker is using it */
    public Result run() {
        if (!Files.isDirectory(dataDir.resolve("journal")) && !Files.isDirectory(dataDir.resolve("lmdb"))) {
            throw new StoreException("there is no store in " + dataDir);
        }
        DirectoryLock lock = DirectoryLock.acquire(dataDir);
        try {
            Process worker = start();
            try {
                read(worker);
            } finally {
                worker.destroyForcibly();
            }
        } catch (IOException failed) {
            throw new StoreException("the process that reads the store cannot be started: " + failed, failed);
        } finally {
            lock.close();
        }
        boolean ended = done != null;
        return new Result(
                List.copyOf(findings),
                List.copyOf(notes),
                ended ? Long.parseLong(done[1]) : 0,
                ended ? done[2] : "",
                ended ? Long.parseLong(done[3]) : 0,
                ended ? Long.parseLong(done[4]) : 0);
    }

    private Process start() throws IOException {
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        // A crash is expected here, and told by the exit code.
                        "-XX:+SuppressFatalErrorMessage",
                        "-XX:-CreateCoredumpOnCrash",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VerifyWorker.class.getName(),
                        dataDir.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread reader = new Thread(() -> collect(worker), "posthorn-verify");
        reader.setDaemon(true);
        reader.start();
        return worker;
    }

    private void collect(Process worker) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(worker.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException ended) {
            // The process is gone; the marker below says so.
        }
        lines.add(END_OF_OUTPUT);
    }

    private void read(Process worker) {
        try {
            while (true) {
                String line = lines.poll(silenceMaxMs, TimeUnit.MILLISECONDS);
                if (line == null) {
                    add(new Finding(lastAt, "reading did not go on for " + silenceMaxMs + " ms and was given up"));
                    return;
                }
                if (line.equals(END_OF_OUTPUT)) {
                    int exitCode = worker.waitFor();
                    if (done == null || exitCode != 0) {
                        add(new Finding(
                                lastAt,
                                "reading ended the process that did it, with exit code " + exitCode
                                        + ": a page of LMDB is damaged; what follows was not read"));
                    }
                    return;
                }
                take(line.split("\t", -1));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted");
        }
    }

    private void take(String[] line) {
        switch (line[0]) {
            case "AT" -> {
                lastAt = line[1];
                progress.at(line[1], Long.parseLong(line[2]), Long.parseLong(line[3]));
            }
            case "FOUND" -> add(new Finding(line[1], line[2]));
            case "NOTE" -> notes.add(line[1]);
            case "DONE" -> done = line;
            default -> throw new StoreException("the process that reads the store says: " + String.join(" ", line));
        }
    }

    private void add(Finding finding) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(finding);
        }
    }
}
