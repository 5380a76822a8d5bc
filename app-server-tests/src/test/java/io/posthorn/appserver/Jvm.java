package io.posthorn.appserver;

import java.io.IOException;
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

    /** By how many class loaders the class is loaded, after a garbage collection. */
    long loadersOf(String className) throws IOException, InterruptedException {
        jcmd("GC.run");
        return jcmd("VM.class_hierarchy", className)
                .lines()
                .filter(line -> line.contains(className + "/"))
                .count();
    }

    /** Threads whose name contains the text. */
    long threads(String text) throws IOException, InterruptedException {
        return threadDump()
                .lines()
                .filter(line -> line.startsWith("\"") && line.contains(text))
                .count();
    }

    String threadDump() throws IOException, InterruptedException {
        return jcmd("Thread.print");
    }

    private String jcmd(String... command) throws IOException, InterruptedException {
        String[] all = new String[command.length + 2];
        all[0] = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        all[1] = Long.toString(pid);
        System.arraycopy(command, 0, all, 2, command.length);
        return Command.in(directory).run(60, all);
    }
}
