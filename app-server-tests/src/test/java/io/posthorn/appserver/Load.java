package io.posthorn.appserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests, one after the other on a few threads, until it is stopped; remembers what the application has confirmed. */
final class Load {

    private static final int THREADS = 3;

    private final Application application;
    private final String queue;
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Load(Application application, String queue) {
        this.application = application;
        this.queue = queue;
    }

    void start() {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::run, "load-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void run() {
        while (!stopped) {
            String text = "load " + number.incrementAndGet();
            try {
                if (application
                                .request("ejb", Map.of("queue", queue, "text", text))
                                .statusCode()
                        == 200) {
                    confirmed.add(text);
                }
            } catch (IOException noAnswer) {
                // It may have been done or not.
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    int confirmedCount() {
        return confirmed.size();
    }

    /** Ends it, and returns what was confirmed. */
    Set<String> stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return confirmed;
    }
}
