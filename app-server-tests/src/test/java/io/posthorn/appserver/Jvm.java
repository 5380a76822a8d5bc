package io.posthorn.appserver;

import io.posthorn.appserver.heap.HeapDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks into the application server's process with {@code jcmd} of the JDK. */
final class Jvm {

    private final Path directory;
    private final long pid;

    /** @param directory for temporary files */
    Jvm(Path directory, long pid) {
        this.directory = directory;
        this.pid = pid;
    }

    /** Threads whose name contains the text. */
    long threads(String text) throws IOException, InterruptedException {
        return threadDump()
                .lines()
                .filter(line -> line.startsWith("\"") && line.contains(text))
                .count();
    }

    /** What is in its memory after a garbage collection; the file is gone afterwards. */
    HeapDump heapDump() throws IOException, InterruptedException {
        Path file = directory.resolve("heap.hprof");
        try {
            // What the first one has found to finalize is gone with the second.
            jcmd("GC.run");
            jcmd("GC.run");
            jcmd("GC.heap_dump", file.toString());
            return HeapDump.read(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    String threadDump() throws IOException, InterruptedException {
        return jcmd("Thread.print");
    }

    private String jcmd(String... command) throws IOException, InterruptedException {
        String[] all = new String[command.length + 2];
        all[0] = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        all[1] = Long.toString(pid);
        System.arraycopy(command, 0, all, 2, command.length);
        return Command.in(directory).run(300, all);
    }
}
