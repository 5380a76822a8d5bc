package io.posthorn.cluster.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The events of one run in the order in which they were seen. Any thread may add. */
public final class History {

    private final List<Event> events = new ArrayList<>();

    public synchronized void add(Event event) {
        events.add(event);
    }

    /** The index that the next event will have. */
    public synchronized int size() {
        return events.size();
    }

    /** A copy. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** Writes one event a line, each with its index. */
    public void writeTo(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Event event : events()) {
            lines.add(lines.size() + " " + event);
        }
        Files.write(file, lines);
    }
}
