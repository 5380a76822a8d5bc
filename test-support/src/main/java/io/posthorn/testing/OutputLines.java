package io.posthorn.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What a process prints, read by a thread of its own, so that the process can always go on writing. */
final class OutputLines {

    /** Follows the last line. */
    static final String END = "\u0000end of output";

    private OutputLines() {}

    /** The lines as they come, then {@link #END}. */
    static BlockingQueue<String> of(Process process) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Thread reader = new Thread(
                () -> {
                    try {
                        for (String line = output.readLine(); line != null; line = output.readLine()) {
                            lines.add(line);
                        }
                    } catch (IOException ended) {
                        // The process is gone; the marker below says so.
                    }
                    lines.add(END);
                },
                "process-output");
        reader.setDaemon(true);
        reader.start();
        return lines;
    }
}
