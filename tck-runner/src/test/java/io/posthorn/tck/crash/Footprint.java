package io.posthorn.tck.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server process and its data directory take at one moment. Linux.
 *
 * @param heapBytes what is used of the heap right after a full collection
 * @param residentBytes of the process
 * @param threads of the process
 * @param handles open files and sockets
 * @param files in the data directory
 * @param dataBytes blocks that the data directory's files occupy
 */
record Footprint(long heapBytes, long residentBytes, long threads, long handles, long files, long dataBytes) {

    private static final Pattern HEAP_USED = Pattern.compile("garbage-first heap\\s+total \\S+, used (\\d+)K");
    private static final int BLOCK_BYTES = 512;

    /** Has the process collect its garbage first. */
    static Footprint of(long pid, Path dataDir) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        Matcher heap = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
        if (!heap.find()) {
            throw new AssertionError("jcmd does not say how much of the heap is used");
        }
        Path proc = Path.of("/proc", Long.toString(pid));
        long[] files = {0, 0};
        for (Path file : filesBelow(dataDir)) {
            try {
                files[1] += occupied(file);
                files[0]++;
            } catch (NoSuchFileException recycled) {
                // Segments come and go.
            }
        }
        return new Footprint(
                Long.parseLong(heap.group(1)) << 10,
                status(proc, "VmRSS") << 10,
                status(proc, "Threads"),
                count(proc.resolve("fd")),
                files[0],
                files[1]);
    }

    /** One line of a table; see {@link #HEADER}. */
    String line() {
        return (heapBytes >> 20) + "," + (residentBytes >> 20) + "," + threads + "," + handles + "," + files + ","
                + (dataBytes >> 20);
    }

    static final String HEADER = "heap MiB,resident MiB,threads,handles,files,data MiB";

    /** The greatest of each. */
    static Footprint most(List<Footprint> of) {
        Footprint most = of.get(0);
        for (Footprint each : of) {
            most = new Footprint(
                    Math.max(most.heapBytes, each.heapBytes),
                    Math.max(most.residentBytes, each.residentBytes),
                    Math.max(most.threads, each.threads),
                    Math.max(most.handles, each.handles),
                    Math.max(most.files, each.files),
                    Math.max(most.dataBytes, each.dataBytes));
        }
        return most;
    }

    private static List<Path> filesBelow(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(file -> !Files.isDirectory(file)).toList();
        }
    }

    /** Without the holes of sparse files. */
    private static long occupied(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (blocks.isEmpty()) {
            throw new NoSuchFileException(file.toString());
        }
        return Long.parseLong(blocks) * BLOCK_BYTES;
    }

    private static long count(Path dir) throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.count();
        }
    }

    private static long status(Path proc, String field) throws IOException {
        for (String line : Files.readAllLines(proc.resolve("status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new AssertionError("no " + field + " in " + proc.resolve("status"));
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("jcmd " + command + ": " + output);
        }
        return output;
    }
}
